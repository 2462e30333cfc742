"""Workbooks, JSON and Parquet, rewritten as CSV so that they are read like any other file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from tribu.landing.files import InputFile, Kind
from tribu.landing.json_files import HALF_CHARACTER, json_records
from tribu.landing.limits import MAX_RAW_TEXT, MAX_RECORD
from tribu.landing.mapping import Variant
from tribu.landing.parquet_files import parquet_rows
from tribu.landing.records import line_numbers
from tribu.landing.splitting import NOT_UTF8, TOO_LONG, opened, wrong_width
from tribu.landing.workbooks import sheet_rows

_OFTEN: Final = 1000
"""Records between two words on how far it is."""


@dataclass(frozen=True)
class Reject:
    """A record that could not be split into cells.

    ``line`` counts from 1; in a workbook it is the row, in Parquet the record. ``byte_position`` is the offset of the
    record from the start of the file, from 0; None where a record is no stretch of bytes, and in encodings of which
    that cannot be told.
    """

    reason: str
    raw_text: str
    line: int
    byte_position: int | None


@dataclass
class Converted:
    """What became of a file: records written, and those that were not."""

    written: int = 0
    rejected: int = 0
    not_utf8: int = 0
    rounded: Counter[int] = field(default_factory=Counter)
    """Index of a column → whole numbers in it that have lost their last digits, in a workbook."""


def convert(
    file: InputFile,
    variant: Variant,
    *,
    header_records: int,
    target: Path,
    rejects: Path,
    seen: Callable[[int], None] = lambda records: None,
) -> Converted:
    """Write the records of ``file`` to ``target``, every cell in quotation marks, and the others to ``rejects``.

    Parameters
    ----------
    header_records
        Rows of a sheet up to its header, that included.
    seen
        Called now and then with the number of records seen so far.

    Raises
    ------
    InputFileError
        When the file turns out to be damaged.
    """
    result = Converted()
    width = len(variant.headers)
    with target.open("w", encoding="utf-8", newline="") as copy, ExitStack() as stack:
        aside: TextIO | None = None
        for number, row in enumerate(_rows(file, variant, header_records, result.rounded), start=1):
            if number % _OFTEN == 0:
                seen(number)
            line = row if isinstance(row, Reject) else _line(row, width)
            if isinstance(line, str):
                copy.write(line)
                result.written += 1
            elif line is not None:
                aside = aside or stack.enter_context(rejects.open("w", encoding="utf-8"))
                json.dump(asdict(line), aside)
                aside.write("\n")
                result.rejected += 1
                result.not_utf8 += line.reason == NOT_UTF8
    return result


def read_rejects(path: Path) -> Iterator[Reject]:
    """Rejects that :func:`convert` put aside, if there were any."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Reject(**json.loads(line))


@dataclass(frozen=True)
class _Row:
    cells: Sequence[str]
    number: int


def _rows(file: InputFile, variant: Variant, header_records: int, rounded: Counter[int]) -> Iterator[_Row | Reject]:
    if file.kind is Kind.WORKBOOK:
        assert file.sheet is not None
        rows = enumerate(sheet_rows(file.path, file.label, file.sheet, rounded), start=1)
        skip = header_records + variant.skip_lines_after_header
        # An empty row of a sheet is a blank line.
        return (_Row(cells, number) for number, cells in islice(rows, skip, None) if cells)
    if file.kind is Kind.PARQUET:
        return (_Row(cells, number) for number, cells in enumerate(parquet_rows(file), start=1))
    return _json_rows(file, variant)


def _json_rows(file: InputFile, variant: Variant) -> Iterator[_Row | Reject]:
    line, done = 1, 0
    with opened(file.path) as data:
        for number, record in enumerate(json_records(file, variant.records), start=1):
            if not record.fault:
                yield _Row([record.values.get(key, "") for key in variant.headers], number)
                continue
            start = record.span.start
            line += line_numbers(file.path, [start], begin=done)[0] - 1
            done = start
            text = data[start : min(record.span.end, start + MAX_RAW_TEXT)]
            place = None if file.is_copy else start
            yield Reject(record.fault, text.decode("utf-8", errors="backslashreplace"), line, place)


def _line(row: _Row, width: int) -> str | Reject | None:
    """A record as a line of CSV; None for a blank line."""
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    if width == 1 and not cells[0]:
        return None
    fault = None if len(cells) == width else wrong_width(len(cells), width)
    line = '"' + '","'.join([cell.replace('"', '""') for cell in cells]) + '"\n'
    try:
        size = len(line) if len(line) * 4 < MAX_RECORD else len(line.encode())
        if not line.isascii():
            line.encode()
    except UnicodeEncodeError:
        fault, line = HALF_CHARACTER, line.encode(errors="backslashreplace").decode()
        size = len(line)
    if size > MAX_RECORD:
        fault = TOO_LONG
    return Reject(fault, line[:MAX_RAW_TEXT].rstrip("\n"), row.number, None) if fault else line
