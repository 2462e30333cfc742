"""How many records a file holds: line ends by kind, inside quotation marks and outside."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribu.landing.records import NewlineCounter, count_records, line_numbers

CELLS = st.text(alphabet=st.sampled_from('ab,"\n\r é'), max_size=6)


def written(records: list[list[str]], end: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(records)
    return text.getvalue().encode()


@given(st.lists(st.binary(max_size=6).map(lambda raw: raw.translate(None, b"abc")), max_size=8), st.integers(1, 5))
def test_newlines_are_counted_the_same_however_the_file_is_cut(parts: list[bytes], size: int) -> None:
    data = b"\r\n".join(parts) + b"\r"
    whole, cut = NewlineCounter(), NewlineCounter()
    whole.update(data)
    for start in range(0, len(data), size):
        cut.update(data[start : start + size])
    assert (whole.lf, whole.crlf, whole.cr) == (cut.lf, cut.crlf, cut.cr)


@pytest.mark.parametrize(
    ("data", "kind"), [(b"a\nb\n", "\n"), (b"a\r\nb", "\r\n"), (b"a\rb", "\r"), (b"a", "\n"), (b"a\nb\r\n", None)]
)
def test_the_only_kind_of_line_end(data: bytes, kind: str | None) -> None:
    counter = NewlineCounter()
    counter.update(data)
    assert counter.only() == kind


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 9),
    st.booleans(),
)
def test_records_are_counted_the_same_however_the_file_is_cut(
    tmp_path_factory: pytest.TempPathFactory, records: list[list[str]], end: str, size: int, blank: bool
) -> None:
    path = tmp_path_factory.mktemp("count") / "file.csv"
    before = b"header" + end.encode()
    path.write_bytes(before + (end.encode() * 2 if blank else b"") + written(records, end))
    assert count_records(path, quote='"', start=len(before), chunk_size=size) == len(records)


@pytest.mark.parametrize(
    ("data", "records"),
    [(b"", 0), (b"\n\r\n\n", 0), (b"a", 1), (b"a\n\n\nb", 2), (b'"a\n\nb"\n', 1), (b'"never closed\na\nb\n', None)],
)
def test_blank_lines_are_no_records(tmp_path: Path, data: bytes, records: int | None) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    assert count_records(path, quote='"', start=0) == records


def test_without_quotation_marks_every_line_counts(tmp_path: Path) -> None:
    path = tmp_path / "file.tsv"
    path.write_bytes(b'"a\nb"\n')
    assert count_records(path, quote="", start=0) == 2


def test_lines_are_those_an_editor_shows(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    data = b'a\r\n"x\ny"\r\nb\rc\n'
    path.write_bytes(data)
    assert line_numbers(path, [0, data.index(b'"'), data.index(b"b"), data.index(b"c")]) == [1, 2, 4, 5]
