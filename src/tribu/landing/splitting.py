"""Careful splitting of files that the fast parser cannot be trusted with, record by record.

Such files are few: several kinds of line ends, or quotation marks that are not closed or stand where none may be.
They are rewritten in a form that leaves nothing to guess, without the records that cannot be split.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from tribu.landing.limits import MAX_RECORD

NOT_CLOSED: Final = "a quotation mark that is not closed"
TEXT_AFTER_QUOTE: Final = "text after a closing quotation mark"
TOO_LONG: Final = f"a record longer than {MAX_RECORD:,} bytes"
NOT_UTF8: Final = "bytes that are not UTF-8"

Bytes = bytes | mmap.mmap

_BOM: Final = b"\xef\xbb\xbf"
_NEWLINE: Final = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True)
class Record:
    """One record, or a blank line (no cells).

    ``start`` and ``end`` are offsets in the file, the line end not included; ``next`` is where the next one begins.
    ``fault`` says why there are no cells.
    """

    start: int
    end: int
    next: int
    cells: list[bytes]
    fault: str | None = None


@dataclass
class Rewritten:
    """What became of a file: records written, and offset and fault of those that were not."""

    written: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def split_records(data: bytes | mmap.mmap, *, delimiter: str, quote: str, start: int | None = None) -> Iterator[Record]:
    """Split ``data`` into records, from ``start`` (where one begins; by default the first byte after a mark of order).

    A quotation mark opens a quoted cell at the start of a cell only, blanks before it allowed; elsewhere it is a
    character like any other. One that is never closed ends with its line: what follows it is split as if it were not
    there, so that a slip costs one line and not the rest of the file.
    """
    mark, split = quote.encode(), delimiter.encode()
    position = start if start is not None else (len(_BOM) if data[:3] == _BOM else 0)
    while position < len(data):
        end, upcoming = _line_end(data, position)
        line = data[position:end]
        if mark and mark in line:
            record = _quoted_record(data, position, mark, split)
        else:
            record = Record(position, end, upcoming, line.split(split) if line else [])
        yield record
        position = record.next


def _quoted_record(data: Bytes, start: int, mark: bytes, split: bytes) -> Record:
    """The record at ``start``, whose first line holds a quotation mark."""
    quoted, opening, plain = _cells(mark, split)
    limit = min(len(data), start + MAX_RECORD)
    cells: list[bytes] = []
    place = start
    while True:
        if cell := quoted.match(data, place, limit):
            cells.append(cell[1].replace(mark * 2, mark))
        elif opening.match(data, place):
            return Record(start, *_line_end(data, place), [], NOT_CLOSED)
        else:
            cell = plain.match(data, place)
            assert cell is not None  # it matches nothing, too
            cells.append(cell[0])
        place = cell.end()
        end, upcoming = _line_end(data, place)
        if place == end:
            return Record(start, end, upcoming, cells)
        if data[place : place + 1] != split:
            return Record(start, end, upcoming, [], TEXT_AFTER_QUOTE)
        place += 1


@cache
def _cells(mark: bytes, split: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """Patterns of a cell in quotation marks (blanks around them are dropped, as DuckDB does), its start, any other."""
    quote, stop = re.escape(mark), re.escape(split)
    content = rb"((?:[^" + quote + rb"]++|" + quote * 2 + rb")*+)"
    return (
        re.compile(rb" *+" + quote + content + quote + rb" *+"),
        re.compile(rb" *+" + quote),
        re.compile(rb"[^\r\n" + stop + rb"]*+"),
    )


def _line_end(data: Bytes, position: int) -> tuple[int, int]:
    found = _NEWLINE.search(data, position)
    return found.span() if found else (len(data), len(data))


def rewrite_records(source: Path, target: Path, *, delimiter: str, quote: str, skip: int, columns: int) -> Rewritten:
    """Write the records of ``source`` that have ``columns`` cells to ``target``, each on a line of its own making.

    A record with quotation marks is written with every cell in quotation marks, any other as it stands; line ends
    between records become line feeds, those within cells stay.

    Parameters
    ----------
    skip
        Records (blank lines too) before the data: they are not written.
    """
    result = Rewritten()
    mark = quote.encode()
    with opened(source) as data, target.open("wb") as copy:
        for record in islice(split_records(data, delimiter=delimiter, quote=quote), skip, None):
            text = data[record.start : record.end]
            # A blank line is no record; in a file of one column, neither is an empty cell.
            if record.fault is None and not any(record.cells) and len(record.cells) < 2:
                continue
            fault = record.fault or _fault(text, record.cells, columns)
            if fault:
                result.faults.append((record.start, fault))
                continue
            if mark and mark in text:
                text = delimiter.encode().join(mark + cell.replace(mark, mark * 2) + mark for cell in record.cells)
            copy.write(text + b"\n")
            result.written += 1
    return result


def _fault(text: bytes, cells: list[bytes], columns: int) -> str | None:
    if len(text) > MAX_RECORD:
        return TOO_LONG
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return NOT_UTF8
    return None if len(cells) == columns else wrong_width(len(cells), columns)


def wrong_width(found: int, expected: int) -> str:
    """The fault of a record with more or fewer cells than the header."""
    return f"{found} cells where the header has {expected}"


def data_start(source: Path, *, delimiter: str, quote: str, skip: int) -> int:
    """Offset of the first record after ``skip`` records (blank lines counted)."""
    with opened(source) as data:
        records = split_records(data, delimiter=delimiter, quote=quote)
        last = next(islice(records, skip - 1, None), None)
        return last.next if last else len(data)


@contextmanager
def opened(source: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file as pages of it, not as memory: it may be larger than that."""
    with source.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data
