"""Careful splitting: records as another parser sees them, and one line lost where quotation marks are out of order."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribu.landing.splitting import (
    MAX_RECORD,
    NOT_CLOSED,
    NOT_UTF8,
    TEXT_AFTER_QUOTE,
    TOO_LONG,
    data_start,
    rewrite_records,
    split_records,
)

COMMA = {"delimiter": ",", "quote": '"'}


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (b"a,b\n1,2\n", [[b"a", b"b"], [b"1", b"2"]]),
        (b"a,b\r\n1,\r2", [[b"a", b"b"], [b"1", b""], [b"2"]]),
        (b'"a\nx",b\n', [[b"a\nx", b"b"]]),
        (b'"a ""q""\n",b\n', [[b'a "q"\n', b"b"]]),
        (b'"","""",\n', [[b"", b'"', b""]]),
        (b'\xef\xbb\xbf"a\nx",b\n', [[b"a\nx", b"b"]]),
        # Within a cell that is not quoted a quotation mark is a character like any other.
        (b'12" pizza,b"\n1,2\n', [[b'12" pizza', b'b"'], [b"1", b"2"]]),
        (b'a, "x\ny" ,z\n', [[b"a", b"x\ny", b"z"]]),
        (b"a\n\nb\n", [[b"a"], [], [b"b"]]),
        (b" a , b \n", [[b" a ", b" b "]]),
        (b"", []),
    ],
)
def test_records_and_their_cells(data: bytes, cells: list[list[bytes]]) -> None:
    found = list(split_records(data, **COMMA))
    assert [record.cells for record in found] == cells
    assert not any(record.fault for record in found)


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b'a,"never closed\n1,2\n', [(b'a,"never closed', NOT_CLOSED), (b"1,2", None)]),
        (b'"a\nb",x,"open\n1,2\n', [(b'"a\nb",x,"open', NOT_CLOSED), (b"1,2", None)]),
        (b'a,"b"c,d\n1,2\n', [(b'a,"b"c,d', TEXT_AFTER_QUOTE), (b"1,2", None)]),
        (b'a,"b\nc,"d",e\n1,2\n', [(b'a,"b\nc,"d",e', TEXT_AFTER_QUOTE), (b"1,2", None)]),
        (b'"' + b"x\n" * (MAX_RECORD // 2) + b'"\n', None),
    ],
)
def test_a_slip_costs_its_line(data: bytes, faults: list[tuple[bytes, str | None]] | None) -> None:
    found = [(data[record.start : record.end], record.fault) for record in split_records(data, **COMMA)]
    if faults is None:
        # Far from its line, what closes the cell closes nothing.
        assert found[0] == (b'"x', NOT_CLOSED)
        assert len(found) == MAX_RECORD // 2 + 1
    else:
        assert found == faults


def test_without_quotation_marks_every_line_end_breaks() -> None:
    found = [record.cells for record in split_records(b'"a\n"b\t"\n', delimiter="\t", quote="")]
    assert found == [[b'"a'], [b'"b', b'"']]


CELLS = st.text(alphabet=st.sampled_from('ab,"\n\r é'), max_size=6)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6),
    st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=6, max_size=6),
)
def test_rewriting_changes_line_ends_between_records_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, records: list[list[str]], ends: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("rewrite")
    text = io.StringIO()
    for record, end in zip(records, ends, strict=False):
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerow(record)
    source, copy = folder / "source.csv", folder / "copy.csv"
    source.write_bytes(("\ufeffthe,header\r\n\n" + text.getvalue()).encode())
    result = rewrite_records(source, copy, **COMMA, skip=2, columns=2)
    assert (result.written, result.faults) == (len(records), [])
    assert list(csv.reader(io.StringIO(copy.read_bytes().decode(), newline=""))) == records


def test_what_cannot_be_split_is_told_with_its_place(tmp_path: Path) -> None:
    source, copy = tmp_path / "source.csv", tmp_path / "copy.csv"
    lines = [b"a,b", b"1,2", b"3", b'4,"5"6', b"7,\xff", b"", b",", b'"8","9', b"x," + b"y" * MAX_RECORD, b"1,2,3"]
    source.write_bytes(b"\n".join(lines))
    result = rewrite_records(source, copy, **COMMA, skip=1, columns=2)
    assert copy.read_bytes() == b"1,2\n,\n"
    data = source.read_bytes()
    assert result.written == 2
    assert result.faults == [
        (data.index(b"\n3\n") + 1, "1 cells where the header has 2"),
        (data.index(b'4,"'), TEXT_AFTER_QUOTE),
        (data.index(b"7,"), NOT_UTF8),
        (data.index(b'"8"'), NOT_CLOSED),
        (data.index(b"x,y"), TOO_LONG),
        (data.index(b"1,2,3"), "3 cells where the header has 2"),
    ]


def test_in_a_file_of_one_column_an_empty_cell_is_no_record(tmp_path: Path) -> None:
    source, copy = tmp_path / "source.csv", tmp_path / "copy.csv"
    source.write_bytes(b'handle\nana\n""\n\n"b""o"\n')
    assert rewrite_records(source, copy, **COMMA, skip=1, columns=1).written == 2
    assert copy.read_bytes() == b'ana\n"b""o"\n'


@pytest.mark.parametrize(
    ("data", "skip", "start"),
    [(b"a,b\n1,2\n", 1, 4), (b'\n"a\nx"\r\n==\n1', 3, 11), (b"a,b", 1, 3), (b"\xef\xbb\xbfa\n1\n", 1, 5)],
)
def test_where_the_data_begin(tmp_path: Path, data: bytes, skip: int, start: int) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    assert data_start(path, **COMMA, skip=skip) == start
