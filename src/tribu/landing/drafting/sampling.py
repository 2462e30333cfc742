"""A bounded sample of an unknown file: how it is written, its header, and records spread over it."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

from tribu.errors import InputFileError
from tribu.landing.encodings import UTF8, detect_encoding
from tribu.landing.files import SUFFIXES, InputFile, Kind, open_files, refuse_nul
from tribu.landing.json_files import json_records, lists_inside
from tribu.landing.limits import HEADER_ROWS
from tribu.landing.parquet_files import parquet_columns, parquet_rows
from tribu.landing.workbooks import sheet_rows

PART: Final = 1 << 18
"""Bytes read at each of the three places of a text; a smaller one is read whole."""
ROWS: Final = 900
"""Records kept of each part; of a file that is no text, three times as many."""

_DELIMITERS: Final = ",\t;|"
_RULE: Final = re.compile(r"[\s=+|_-]*")
_LOOKED_AT: Final = 200
"""Records that say how full one is, to tell a header from the lines above it."""

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Sample:
    """What was read of a file.

    Attributes
    ----------
    name, stem
        What messages call it, and the words of its name, sheet and archive, endings left out.
    encoding_is_sure
        False when the bytes are not UTF-8 and no mark says what else they are.
    sheet
        The sheet, where the workbook has others with other headers.
    records_at, lists
        Where in one JSON object the records are, and every place where they may be.
    is_whole
        Whether the records are all there are.
    passed_over
        Records of what was read that are not as wide as the header, or damaged.
    others
        Further files of the archive, or sheets of the workbook.
    """

    name: str
    stem: str
    headers: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    kind: Kind = Kind.TEXT
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    encoding_is_sure: bool = True
    skip_lines_after_header: int = 0
    sheet: str | None = None
    records_at: str | None = None
    lists: tuple[str, ...] = ()
    is_whole: bool = True
    passed_over: int = 0
    others: tuple[str, ...] = ()


def read_sample(path: Path, only: str | None = None) -> Sample:
    """Read a sample of the file ``path``, of the first file in it, or of the sheet with the most columns.

    Parameters
    ----------
    only
        Name of the file of an archive, or of the sheet of a workbook, that is meant.

    Raises
    ------
    InputFileError
        When it cannot be read, holds no table, has no header line, or nothing in it is called ``only``.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = list(open_files(path, path.name, Path(folder)))
        file = _chosen(files, path, only)
        sample = _SAMPLES[file.kind](file)
        siblings = [other for other in files if other is not file and other.path == file.path]
        # A mapping without `sheet` is for all of them.
        alone = file.sheet and any(_header_of_sheet(other) != sample.headers for other in siblings)
        return replace(
            sample,
            sheet=file.sheet if alone else None,
            others=tuple(other.name.removeprefix(f"{path.name}/") for other in files if other is not file),
        )


def _chosen(files: Sequence[InputFile], path: Path, only: str | None) -> InputFile:
    if only is None and files:
        # A workbook often begins with a sheet of notes: of its sheets the widest, of equal ones the first.
        sheets = [file for file in files if file.path == files[0].path and file.sheet]
        return max(sheets, key=lambda file: len(_header_of_sheet(file))) if len(sheets) > 1 else files[0]
    for file in files:
        if only is not None and (file.sheet == only or file.name.endswith(f"/{only}")):
            return file
    names = ", ".join(repr(file.sheet or file.name.removeprefix(f"{path.name}/")) for file in files)
    raise InputFileError(
        expected=f"{only!r} in {path}" if only else f"a file with a table in {path}",
        got=names or "none",
        remedy="name one of them with --only" if files else "check the export that wrote it",
    )


def _begun(file: InputFile, headers: Sequence[str], records: Iterable[Sequence[str]]) -> Sample:
    """What every kind of sample has."""
    return Sample(
        name=file.name,
        stem=" ".join(_without_ending(part) for part in file.name.split("/")),
        headers=tuple(headers),
        records=tuple(tuple(cells) for cells in records),
        kind=file.kind,
    )


def _without_ending(name: str) -> str:
    endings = [ending for ending in SUFFIXES if name.lower().endswith(ending)]
    return name[: -max(map(len, endings))] if endings else name


def _text_sample(file: InputFile) -> Sample:
    parts = _parts(file)
    encoding, sure = _encoding(file, parts)
    # A part may begin within a character: what does not decode there is in a record that is cut anyway.
    texts = [part.decode(codec, errors="replace") for part, codec in zip(parts, _codecs(file, encoding), strict=False)]
    texts[0] = texts[0].lstrip("\ufeff")
    delimiter, quote = _dialect(texts[0], whole=len(parts) == 1)
    first = _records(texts[0], delimiter, quote, cut_end=len(parts) > 1)
    if not first:
        raise _no_header(file)
    at = _header_at(first) if quote else 0
    headers, body = first[at], first[at + 1 :]
    rules = _rules(body)
    wide = [body[rules:]]
    wide += [
        _records(text, delimiter, quote, cut_start=True, cut_end=part < len(texts))
        for part, text in enumerate(texts[1:], start=2)
    ]
    fitting = [[cells for cells in part if len(cells) == len(headers)] for part in wide]
    return replace(
        _begun(file, headers, [cells for part in fitting for cells in _spread(part)]),
        delimiter=delimiter,
        quote=quote,
        encoding=encoding,
        encoding_is_sure=sure,
        skip_lines_after_header=rules,
        is_whole=len(parts) == 1 and all(len(part) <= ROWS * 3 for part in wide),
        passed_over=sum(len(part) for part in wide) - sum(len(part) for part in fitting),
    )


def _workbook_sample(file: InputFile) -> Sample:
    rows = _filled_rows(file)
    start = _up_to(rows, _LOOKED_AT)
    if not start:
        raise _no_header(file)
    at = _header_at(start)
    headers, body = start[at], start[at + 1 :]
    rules = _rules(body)
    records, seen = evenly(_chained(body[rules:], rows), ROWS * 3)
    fitting = [[*cells, *[""] * (len(headers) - len(cells))] for cells in records if len(cells) <= len(headers)]
    return replace(
        _begun(file, headers, fitting),
        skip_lines_after_header=rules,
        is_whole=seen == len(records),
        passed_over=len(records) - len(fitting),
    )


def _json_sample(file: InputFile) -> Sample:
    lists = lists_inside(file)
    # Of several lists the longest is the likeliest.
    records_at = max(lists, key=lambda at: sum(1 for _ in json_records(file, at)), default=None)
    keys: dict[str, None] = {}
    faults = 0

    def values() -> Iterator[dict[str, str]]:
        nonlocal faults
        for record in json_records(file, records_at):
            if record.fault:
                faults += 1
                continue
            # All of them, rare ones too: the mapping must list them.
            keys.update(dict.fromkeys(record.values))
            yield record.values

    records, seen = evenly(values(), ROWS * 3)
    if not keys:
        raise _no_header(file)
    return replace(
        _begun(file, tuple(keys), [[record.get(key, "") for key in keys] for record in records]),
        records_at=records_at,
        lists=tuple(lists),
        is_whole=seen == len(records),
        passed_over=faults,
    )


def _parquet_sample(file: InputFile) -> Sample:
    records, seen = evenly(parquet_rows(file), ROWS * 3)
    return replace(_begun(file, parquet_columns(file), records), is_whole=seen == len(records))


_SAMPLES: Final = {
    Kind.TEXT: _text_sample,
    Kind.WORKBOOK: _workbook_sample,
    Kind.JSON: _json_sample,
    Kind.PARQUET: _parquet_sample,
}


def evenly(rows: Iterable[_Row], limit: int) -> tuple[list[_Row], int]:
    """At most ``limit`` of the rows, spread evenly over them, and the number of all; in one pass, held in memory."""
    kept: list[_Row] = []
    step, seen = 1, 0
    for row in rows:
        if seen % step == 0:
            if len(kept) == limit:
                kept, step = kept[::2], step * 2
            if seen % step == 0:
                kept.append(row)
        seen += 1
    return kept, seen


def _filled_rows(file: InputFile) -> Iterator[list[str]]:
    assert file.sheet is not None
    return (cells for cells in sheet_rows(file.path, file.label, file.sheet) if any(cell.strip() for cell in cells))


def _header_of_sheet(file: InputFile) -> tuple[str, ...]:
    rows = _up_to(_filled_rows(file), _LOOKED_AT)
    return tuple(rows[_header_at(rows)]) if rows else ()


def _up_to(rows: Iterator[_Row], limit: int) -> list[_Row]:
    return [row for row, _ in zip(rows, range(limit), strict=False)]


def _chained(first: Iterable[_Row], rest: Iterable[_Row]) -> Iterator[_Row]:
    yield from first
    yield from rest


def _header_at(records: Sequence[Sequence[str]]) -> int:
    """Place of the header: the first record with more than half of the cells that records have, titles above passed."""
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in records[:_LOOKED_AT]]
    usual = median(filled)
    for place, (cells, count) in enumerate(zip(records[:HEADER_ROWS], filled, strict=False)):
        # The column that numbers the rows often has no header; a title stands in the first column.
        if 2 * count > usual or (2 * count == usual and not cells[0].strip()):
            return place
    return 0


def _rules(body: Sequence[Sequence[str]]) -> int:
    """Lines drawn under the header."""
    return next((place for place, cells in enumerate(body) if not _is_rule(cells)), len(body))


def _no_header(file: InputFile) -> InputFileError:
    return InputFileError(
        expected=f"a header line at the start of {file.label}", got="none", remedy="check the export that wrote it"
    )


def _parts(file: InputFile) -> list[bytes]:
    if file.size <= 3 * PART:
        return [file.path.read_bytes()]
    # Offsets for encodings of two or four bytes.
    places = [0, (file.size // 2) & ~3, (file.size - PART) & ~3]
    parts = []
    with file.path.open("rb") as stream:
        for place in places:
            stream.seek(place)
            parts.append(stream.read(PART))
    return parts


def _encoding(file: InputFile, parts: Sequence[bytes]) -> tuple[str, bool]:
    """The encoding that an import would take, and whether it is sure."""
    found = detect_encoding(file)
    refuse_nul(file, found.name)
    if found.name not in UTF8 or file.is_utf8:
        marked = found.name in ("utf-16", "utf-32")
        return found.name, marked or found.remark is None
    # An import rejects the records with other bytes; where those are most, somebody has to say what they are.
    texts = [part.decode("utf-8", errors="replace") for part in parts]
    damaged = sum(text.count("\ufffd") for text in texts)
    beyond = sum(not mark.isascii() for text in texts for mark in text) - damaged
    return ("utf-8", True) if beyond > damaged else ("cp1252", False)


def _codecs(file: InputFile, encoding: str) -> list[str]:
    """Codec of each part: those after the first have no mark of their own."""
    if encoding not in ("utf-16", "utf-32"):
        return [encoding] * 3
    end = "le" if file.head.startswith(b"\xff\xfe") else "be"
    return [encoding, f"{encoding}-{end}", f"{encoding}-{end}"]


def _dialect(text: str, *, whole: bool) -> tuple[str, str]:
    """Delimiter and quotation mark with which most records are as wide as the header, the widest header first."""
    best: tuple[tuple[float, int, int], str, str] | None = None
    for delimiter in _DELIMITERS:
        for quote in ('"', ""):
            records = _records(text[: PART // 2], delimiter, quote, cut_end=not whole or len(text) > PART // 2)
            if not records:
                continue
            # Without marks, the halves of a quoted header would pass for titles.
            table = records[_header_at(records) if quote else 0 :]
            width = len(table[0])
            alike = sum(len(cells) == width for cells in table) / len(table)
            if width > 1:
                # Marks in pairs around cells are marks; without any, the file is read as most are.
                rank = (round(alike, 2), width, 1 if quote else 0)
                best = max(best, (rank, delimiter, quote)) if best else (rank, delimiter, quote)
    return (best[1], best[2]) if best else (",", '"')


def _records(
    text: str, delimiter: str, quote: str, *, cut_start: bool = False, cut_end: bool = False
) -> list[list[str]]:
    if cut_start:
        text = text.partition("\n")[2]
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    records: list[list[str]] = []
    # At a cell longer than the limit it ends; what came before is sample enough.
    with suppress(csv.Error):
        records += (cells for cells in rows if any(cell.strip() for cell in cells))
    return records[:-1] if cut_end and records else records


def _is_rule(cells: Sequence[str]) -> bool:
    """Tell whether a record is a line drawn under the header."""
    joined = "".join(cells)
    return bool(joined.strip()) and bool(_RULE.fullmatch(joined)) and Counter(joined).most_common(1)[0][1] >= 3


def _spread(records: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    step = max(1, len(records) // ROWS)
    return records[: ROWS * step : step] if step > 1 else records[: ROWS * 3]
