"""Files as they come: found, recognised, and made readable, without a word on what is in them."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final

from tribu.errors import InputFileError
from tribu.landing.archives import Budget, is_workbook, unpack_gzip, unpack_zip
from tribu.landing.limits import HEADER_BYTES, HEADER_ROWS, MAX_COLUMNS
from tribu.landing.records import NewlineCounter
from tribu.landing.splitting import split_records
from tribu.landing.wide_text import marked_encoding, transcode, zeros_of_utf16
from tribu.landing.workbooks import sheet_names

DATA_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".jsonl", ".ndjson", ".parquet")
"""Files of an archive that are imported; what they hold is told from their content."""

SUFFIXES: Final = (*DATA_SUFFIXES, *(f"{suffix}.gz" for suffix in DATA_SUFFIXES), ".zip")
"""Files that a folder is searched for; a file named by itself may be called anything."""

DELIMITERS: Final = (",", "\t", ";", "|")
"""Delimiters that are told from a file; any other is declared."""

_CHUNK: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_JSON: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{]|\]\s*$))')
_TAR: Final = slice(257, 262)

# Many tools give a page with a table the name of a workbook (`export.xls`).
_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|meta)[\s>]", re.IGNORECASE)

_MAGIC: Final = (
    (_GZIP, "a gzip file within an archive", "unpack the outer one and import the inner one"),
    (_ZIP, "a ZIP archive within an archive", "unpack the outer one and import the inner one"),
    (b"BZh", "a bzip2 file", "unpack it and import what is in it"),
    (b"\xfd7zXZ", "an xz file", "unpack it and import what is in it"),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "unpack it and import what is in it"),
    (b"%PDF", "a PDF document", "ask for the table as CSV and import that"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook or Office document",
        "save the sheet as CSV UTF-8 and import that",
    ),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV and import that"),
)


class Kind(Enum):
    """How the records of a file are written down."""

    TEXT = "CSV or TSV text"
    WORKBOOK = "an Excel workbook"
    JSON = "JSON"
    PARQUET = "a Parquet file"


@dataclass(frozen=True)
class InputFile:
    """One file, or one sheet of a workbook, seen once from end to end.

    Attributes
    ----------
    path
        Where its bytes are: the file itself, or what an archive was unpacked to.
    name
        What the ledger calls it: the file's name, preceded by its folders up to the folder that was named, followed
        by its name in an archive and by its sheet where there are several.
    sha256
        Of its bytes, unpacked; where a workbook has several sheets, of that sum, ``/`` and the sheet's name.
    has_nul, is_utf8
        What its bytes say about its encoding.
    newlines
        How often each kind of line end occurs, in quoted cells too.
    label
        What messages call it: its path as it was given, with its name in an archive.
    is_copy
        The bytes at ``path`` are a copy in another encoding, and places in them are none in the file.
    """

    path: Path
    name: str
    size: int
    sha256: str
    head: bytes
    has_nul: bool
    newlines: NewlineCounter
    label: str
    is_utf8: bool = True
    kind: Kind = Kind.TEXT
    sheet: str | None = None
    is_copy: bool = False


def find_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Every file to import, with its name for the ledger; a folder stands for the data files in it, sorted.

    Raises
    ------
    InputFileError
        When a path does not exist, is neither file nor folder, or is a folder without such files or with a link that
        leads out of it.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        try:
            if path.is_dir():
                inside = sorted(_data_files(path))
                if not inside:
                    raise InputFileError(
                        expected=f"files ending in {', '.join(SUFFIXES)} in the folder {path}",
                        got="none",
                        remedy="name the files themselves, or another folder",
                    )
                top = path.resolve().name
                found += [(file, f"{top}/{file.relative_to(path).as_posix()}") for file in inside]
            elif path.is_file():
                found.append((path, path.name))
            elif path.exists():
                raise InputFileError(expected="a file or a folder", got=f"{path}, which is neither", remedy="save it")
            else:
                raise InputFileError(expected="a file to import", got=f"nothing at {path}", remedy="check the path")
        except PermissionError as error:
            raise _unreadable(str(path), error) from error
    return found


def _data_files(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    # Not rglob, which leaves folders that are links out without a word.
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in [*folders, *names]:
            path = Path(place, name)
            wanted = name in folders or name.lower().endswith(SUFFIXES)
            if name.startswith(".") or not wanted:
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                raise InputFileError(
                    expected=f"links that stay within the folder {folder}",
                    got=f"{path}, which leads to {path.resolve()}",
                    remedy="name the file or folder that it leads to, or remove the link",
                )
            if name not in folders and path.is_file():
                yield path


def _raise(error: OSError) -> None:
    raise error


def open_files(
    path: Path,
    name: str,
    scratch: Path,
    *,
    budget: Budget | None = None,
    seen: Callable[[int], None] = lambda size: None,
) -> Iterator[InputFile]:
    """What is in a file, one at a time: itself, the files of an archive, the sheets of a workbook.

    Parameters
    ----------
    scratch
        A folder for what archives unpack to; it is needed as long as the result.
    budget
        Bytes that archives may still unpack to.
    seen
        Called with the number of bytes looked at, as they are.

    Raises
    ------
    InputFileError
        When it cannot be read, is empty, damaged, or of a kind that holds no table.
    """
    budget = budget or Budget()
    head = _head(path)
    if head.startswith(_GZIP):
        target = Path(tempfile.mkdtemp(dir=scratch), "unpacked")
        unpack_gzip(path, target, str(path), budget)
        yield from _tables(inspect_file(target, name, label=str(path), seen=seen), scratch)
    elif head.startswith(_ZIP) and not is_workbook(path):
        folder = Path(tempfile.mkdtemp(dir=scratch))
        for target, member in unpack_zip(path, folder, str(path), budget, DATA_SUFFIXES):
            yield from _tables(inspect_file(target, f"{name}/{member}", label=f"{path}/{member}", seen=seen), scratch)
    else:
        yield from _tables(inspect_file(path, name, seen=seen), scratch)


def _tables(file: InputFile, scratch: Path) -> Iterator[InputFile]:
    if file.kind is not Kind.WORKBOOK:
        yield _json_in_utf8(file, scratch)
        return
    sheets = sheet_names(file.path, file.label)
    if not sheets:
        raise InputFileError(
            expected=f"a header line and records in {file.label}",
            got="sheets without a cell",
            remedy="check the export that wrote it",
        )
    if len(sheets) == 1:
        yield replace(file, sheet=sheets[0])
        return
    for sheet in sheets:
        digest = hashlib.sha256(f"{file.sha256}/{sheet}".encode()).hexdigest()
        yield replace(
            file, name=f"{file.name}/{sheet}", label=f"{file.label}, sheet {sheet!r}", sha256=digest, sheet=sheet
        )


def _json_in_utf8(file: InputFile, scratch: Path) -> InputFile:
    """The file itself; where it is JSON in UTF-16 or UTF-32, a copy in UTF-8, for records are found in its bytes."""
    zeros = zeros_of_utf16(file.head) if file.has_nul else None
    encoding = marked_encoding(file.head) or (zeros[0] if zeros else None)
    if file.kind not in (Kind.TEXT, Kind.JSON) or encoding is None:
        return file
    text = file.head.decode(encoding, errors="ignore").lstrip("\ufeff").encode(errors="ignore")
    if file.kind is Kind.TEXT and not _JSON.match(text):
        return file
    copy = Path(tempfile.mkdtemp(dir=scratch), "utf-8")
    transcode(file.path, encoding, copy)
    inside = inspect_file(copy, file.name, label=file.label)
    return replace(inside, sha256=file.sha256, kind=Kind.JSON, is_copy=True)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(8)
    except OSError as error:
        raise _unreadable(str(path), error) from error


def inspect_file(
    path: Path, name: str, *, label: str | None = None, seen: Callable[[int], None] = lambda size: None
) -> InputFile:
    """Read a file once: its hash, its line ends, and whether it is text at all.

    Raises
    ------
    InputFileError
        When it cannot be read, is empty, or is of a kind that holds no table.
    """
    label = label or str(path)
    digest = hashlib.sha256()
    newlines = NewlineCounter()
    utf8 = codecs.getincrementaldecoder("utf-8")()
    head = b""
    size = 0
    has_nul = False
    is_utf8 = True
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                newlines.update(chunk)
                has_nul = has_nul or b"\0" in chunk
                is_utf8 = is_utf8 and _decodes(utf8, chunk)
                head = head or chunk[:HEADER_BYTES]
                size += len(chunk)
                seen(len(chunk))
    except OSError as error:
        raise _unreadable(label, error) from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InputFileError(
            expected=f"a header line and records in {label}",
            got="an empty file" if size == 0 else "blank lines alone",
            remedy="check the export that wrote it",
        )
    kind = _kind(path, label, head)
    return InputFile(path, name, size, digest.hexdigest(), head, has_nul, newlines, label, is_utf8, kind)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _kind(path: Path, label: str, head: bytes) -> Kind:
    if head.startswith(_PARQUET):
        return Kind.PARQUET
    if head.startswith(_ZIP) and is_workbook(path):
        return Kind.WORKBOOK
    if head[_TAR] == b"ustar":
        raise _binary(label, "a tar archive", "unpack it and import the files in it")
    for magic, kind, remedy in _MAGIC:
        if head.startswith(magic):
            raise _binary(label, kind, remedy)
    if _PAGE.match(head):
        raise _binary(label, "a web page", "open it in a spreadsheet and save the table as XLSX or CSV UTF-8")
    if _JSON.match(head) or label.lower().endswith(
        (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
    ):
        return Kind.JSON
    return Kind.TEXT


def refuse_nul(file: InputFile, encoding: str) -> None:
    """Raise when the file cannot be text in ``encoding`` because it holds NUL bytes.

    Raises
    ------
    InputFileError
        Saying what it is, as far as its first bytes tell.
    """
    if file.kind is not Kind.TEXT or not file.has_nul or encoding.startswith(("utf-16", "utf-32")):
        return
    if file.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _binary(
            file.label,
            "UTF-16 text",
            "save it as CSV UTF-8, or write `encoding: utf-16` in a mapping and name that with --mapping",
        )
    raise _binary(file.label, "a binary file (it holds NUL bytes)", "export it as CSV UTF-8 and import that")


def guess_delimiter(file: InputFile) -> str:
    """The delimiter that the first line holds most of, quoted cells left aside; a comma when it holds none.

    Raises
    ------
    InputFileError
        When it holds as many of one as of another.
    """
    counts = delimiter_counts(file)
    best = max(counts, key=lambda mark: counts[mark])
    rivals = [mark for mark in DELIMITERS if counts[mark] == counts[best] > 0]
    if len(rivals) > 1:
        raise InputFileError(
            expected=f"one delimiter in the first line of {file.label}",
            got=f"{counts[best]} each of {' and '.join(map(repr, rivals))}",
            remedy='declare it in a mapping, such as `delimiter: ";"`',
        )
    return best


def delimiter_counts(file: InputFile) -> dict[str, int]:
    """How often the first line holds each of the known delimiters, quoted cells left aside."""
    line = file.head.lstrip(b"\xef\xbb\xbf\r\n").replace(b"\r", b"\n").split(b"\n", 1)[0]
    bare = re.sub(rb'"[^"]*"', b"", line)
    return {mark: bare.count(mark.encode()) for mark in DELIMITERS}


def read_header(file: InputFile, encoding: str, delimiter: str, quote: str) -> tuple[list[str], int]:
    """Cells of the first line that is not blank, and the number of records up to it, itself included.

    Raises
    ------
    InputFileError
        When no header line ends within the first 256 kB, a quotation mark stays open there, or it has too many cells.
    """
    return header_rows(file, encoding, delimiter, quote)[0]


def header_rows(file: InputFile, encoding: str, delimiter: str, quote: str) -> list[tuple[list[str], int]]:
    """Cells of the first lines that are not blank, each with the number of records up to it, itself included.

    Raises
    ------
    InputFileError
        As :func:`read_header`.
    """
    # Bytes that do not decode are shown as such: a header that holds one fits nothing, and the message names it.
    text = file.head.decode(encoding, errors="replace").lstrip("\ufeff").encode()
    rows: list[tuple[list[str], int]] = []
    fault = f"none that is text in {encoding}"
    for number, record in enumerate(split_records(text, delimiter=delimiter, quote=quote), start=1):
        if len(rows) == HEADER_ROWS:
            break
        if file.size > len(file.head) and record.next >= len(text):
            # The end of what was looked at, and not of the line.
            fault = f"none that ends within {HEADER_BYTES:,} bytes"
            break
        if record.fault:
            fault = record.fault
            if not rows:
                break
        elif record.cells:
            rows.append(([cell.decode() for cell in record.cells], number))
    if not rows:
        raise InputFileError(
            expected=f"a header line at the start of {file.label}",
            got=fault,
            remedy="check that the file is CSV or TSV",
        )
    check_width(len(rows[0][0]), file.label)
    return rows


def check_width(columns: int, label: str) -> None:
    """Raise when a table has more columns than a table has.

    Raises
    ------
    InputFileError
        Saying how many there are.
    """
    if columns > MAX_COLUMNS:
        raise InputFileError(
            expected=f"at most {MAX_COLUMNS:,} columns in {label}",
            got=f"{columns:,}",
            remedy="check the export: values or keys may stand where headers belong",
        )


def _binary(label: str, kind: str, remedy: str) -> InputFileError:
    return InputFileError(expected=f"CSV or TSV text, a workbook, JSON or Parquet in {label}", got=kind, remedy=remedy)


def _unreadable(label: str, error: OSError) -> InputFileError:
    return InputFileError(
        expected=f"a file that can be read at {label}",
        got=error.strerror or type(error).__name__,
        remedy="close the program that holds it, or change its permissions",
    )
