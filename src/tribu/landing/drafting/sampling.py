"""A bounded sample of an unknown file: how it is written, its header, and records of its start, middle and end."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tribu.errors import InputFileError
from tribu.landing.files import InputFile, inspect_file

PART: Final = 1 << 18
"""Bytes read at each of the three places; a smaller file is read whole."""
ROWS: Final = 900
"""Records kept of each part."""

_DELIMITERS: Final = ",\t;|"
_RULE: Final = re.compile(r"[\s=+|_-]*")


@dataclass(frozen=True)
class Sample:
    """What was read of a file.

    ``encoding_is_sure`` is False when the bytes are not UTF-8 and nothing says what else they are. ``is_whole`` tells
    that the records are all there are.
    """

    name: str
    headers: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    delimiter: str
    quote: str
    encoding: str
    encoding_is_sure: bool
    skip_lines_after_header: int
    is_whole: bool
    passed_over: int


def read_sample(path: Path) -> Sample:
    """Read a sample of the text file ``path``.

    Raises
    ------
    InputFileError
        When it cannot be read, is no text, or has no header line.
    """
    file = inspect_file(path, path.name)
    parts = _parts(file)
    encoding, sure = _encoding(file, parts)
    # A part may begin within a character: what does not decode there is in a record that is cut anyway.
    texts = [part.decode(encoding, errors="replace") for part in parts]
    texts[0] = texts[0].lstrip("\ufeff")
    delimiter, quote = _dialect(texts[0], whole=len(parts) == 1)
    first = _records(texts[0], delimiter, quote, cut_end=len(parts) > 1)
    if not first:
        raise InputFileError(
            expected=f"a header line at the start of {path}", got="none", remedy="check the export that wrote it"
        )
    headers, body = first[0], first[1:]
    rules = next((n for n, cells in enumerate(body) if not _is_rule(cells)), len(body))
    wide = [body[rules:]]
    wide += [
        _records(text, delimiter, quote, cut_start=True, cut_end=part < len(texts))
        for part, text in enumerate(texts[1:], start=2)
    ]
    fitting = [[cells for cells in part if len(cells) == len(headers)] for part in wide]
    return Sample(
        name=file.name,
        headers=tuple(headers),
        records=tuple(tuple(cells) for part in fitting for cells in _spread(part)),
        delimiter=delimiter,
        quote=quote,
        encoding=encoding,
        encoding_is_sure=sure,
        skip_lines_after_header=rules,
        is_whole=len(parts) == 1 and all(len(part) <= ROWS * 3 for part in wide),
        passed_over=sum(len(part) for part in wide) - sum(len(part) for part in fitting),
    )


def _parts(file: InputFile) -> list[bytes]:
    if file.size <= 3 * PART:
        return [file.path.read_bytes()]
    # Even offsets, for encodings of two bytes.
    places = [0, (file.size // 2) & ~1, (file.size - PART) & ~1]
    parts = []
    with file.path.open("rb") as stream:
        for place in places:
            stream.seek(place)
            parts.append(stream.read(PART))
    return parts


def _encoding(file: InputFile, parts: Sequence[bytes]) -> tuple[str, bool]:
    for mark, name in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if file.head.startswith(mark):
            # Parts after the first have no mark of their own.
            ends = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
            return (name if len(parts) == 1 else ends.get(mark, name)), True
    if file.has_nul:
        raise InputFileError(
            expected=f"CSV or TSV text in {file.path}",
            got="a binary file (it holds NUL bytes)",
            remedy="export it as CSV UTF-8",
        )
    # Of a part, the characters at both ends may be cut.
    if all(_is_utf8(part if len(parts) == 1 else part[4:-4]) for part in parts):
        return "utf-8", True
    return "cp1252", False


def _is_utf8(part: bytes) -> bool:
    for start in range(4):
        for end in range(4):
            try:
                part[start : len(part) - end].decode("utf-8")
            except UnicodeDecodeError as error:
                if 4 < error.start < len(part) - 8:
                    return False
                continue
            return True
    return False


def _dialect(text: str, *, whole: bool) -> tuple[str, str]:
    """Delimiter and quotation mark with which most records are as wide as the header, the widest header first."""
    best: tuple[tuple[float, int, int], str, str] | None = None
    for delimiter in _DELIMITERS:
        for quote in ('"', ""):
            records = _records(text[: PART // 2], delimiter, quote, cut_end=not whole or len(text) > PART // 2)
            if not records:
                continue
            width = len(records[0])
            alike = sum(len(cells) == width for cells in records) / len(records)
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
