"""Files as they come: found, recognised, and made readable, without a word on what is in them."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tribu.errors import InputFileError
from tribu.landing.records import NewlineCounter

SUFFIXES: Final = (".csv", ".tsv", ".txt")
"""Files that a folder is searched for; a file named by itself may be called anything."""

_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 18
"""Bytes in which the header line must end."""

_MAGIC: Final = (
    (b"\x1f\x8b", "a gzip file", "unpack it (gunzip) and import what is in it"),
    (b"BZh", "a bzip2 file", "unpack it and import what is in it"),
    (b"\xfd7zXZ", "an xz file", "unpack it and import what is in it"),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "unpack it and import what is in it"),
    (b"PAR1", "a Parquet file", "export it as CSV and import that"),
    (b"%PDF", "a PDF document", "ask for the table as CSV and import that"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook or Office document",
        "save the sheet as CSV UTF-8 and import that",
    ),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV and import that"),
)


@dataclass(frozen=True)
class InputFile:
    """A file of text, seen once from end to end.

    Attributes
    ----------
    name
        What the ledger calls it: the file's name, preceded by its folders up to the folder that was named.
    newlines
        How often each kind of line end occurs, in quoted cells too.
    """

    path: Path
    name: str
    size: int
    sha256: str
    head: bytes
    has_nul: bool
    newlines: NewlineCounter


def find_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Every file to import, with its name for the ledger; a folder stands for the text files in it, sorted.

    Raises
    ------
    InputFileError
        When a path does not exist, is neither file nor folder, or is a folder without such files.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        try:
            if path.is_dir():
                inside = sorted(_text_files(path))
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
            raise _unreadable(path, error) from error
    return found


def _text_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            yield path


def inspect_file(path: Path, name: str) -> InputFile:
    """Read a file once: its hash, its line ends, and whether it is text at all.

    Raises
    ------
    InputFileError
        When it cannot be read, is empty, or is of a kind that holds no plain text.
    """
    digest = hashlib.sha256()
    newlines = NewlineCounter()
    head = b""
    size = 0
    has_nul = False
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                newlines.update(chunk)
                has_nul = has_nul or b"\0" in chunk
                head = head or chunk[:_HEAD]
                size += len(chunk)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InputFileError(
            expected=f"a header line and records in {path}",
            got="an empty file" if size == 0 else "blank lines alone",
            remedy="check the export that wrote it",
        )
    _refuse_magic(path, head)
    return InputFile(path, name, size, digest.hexdigest(), head, has_nul, newlines)


def _refuse_magic(path: Path, head: bytes) -> None:
    if head.startswith(b"PK\x03\x04"):
        kind, remedy = "a ZIP archive", "unpack it and import the files in it"
        try:
            with zipfile.ZipFile(path) as archive:
                if "xl/workbook.xml" in archive.namelist():
                    kind, remedy = "an Excel workbook", "save the sheet as CSV UTF-8 and import that"
        except (OSError, zipfile.BadZipFile):
            kind = "a damaged ZIP archive or Excel workbook"
        raise _binary(path, kind, remedy)
    for magic, kind, remedy in _MAGIC:
        if head.startswith(magic):
            raise _binary(path, kind, remedy)


def refuse_nul(file: InputFile, encoding: str) -> None:
    """Raise when the file cannot be text in ``encoding`` because it holds NUL bytes.

    Raises
    ------
    InputFileError
        Saying what it is, as far as its first bytes tell.
    """
    if not file.has_nul or encoding.startswith(("utf-16", "utf-32")):
        return
    if file.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _binary(
            file.path,
            "UTF-16 text",
            "save it as CSV UTF-8, or write `encoding: utf-16` in a mapping and name that with --mapping",
        )
    raise _binary(file.path, "a binary file (it holds NUL bytes)", "export it as CSV UTF-8 and import that")


def guess_delimiter(file: InputFile) -> str:
    """The delimiter that the first line holds most of: comma, tab or semicolon; a comma when it holds none."""
    line = file.head.lstrip(b"\xef\xbb\xbf\r\n").replace(b"\r", b"\n").split(b"\n", 1)[0]
    return max(",\t;", key=lambda mark: line.count(mark.encode()))


def read_header(file: InputFile, encoding: str, delimiter: str, quote: str) -> tuple[list[str], int]:
    """Cells of the first line that is not blank, and the number of records up to it, itself included.

    Raises
    ------
    InputFileError
        When no header line ends within the first 256 kB, or a quotation mark stays open there.
    """
    # Bytes that do not decode are shown as such: a header that holds one fits nothing, and the message names it.
    text = file.head.decode(encoding, errors="replace").lstrip("\ufeff")
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    try:
        for number, cells in enumerate(rows, start=1):
            if cells:
                return cells, number
    except csv.Error as error:
        raise InputFileError(
            expected=f"a header line at the start of {file.path}",
            got=str(error),
            remedy="check that the file is CSV or TSV",
        ) from error
    raise InputFileError(
        expected=f"a header line at the start of {file.path}",
        got=f"none that is text in {encoding}",
        remedy="check the file",
    )


def _binary(path: Path, kind: str, remedy: str) -> InputFileError:
    return InputFileError(expected=f"CSV or TSV text in {path}", got=kind, remedy=remedy)


def _unreadable(path: Path, error: OSError) -> InputFileError:
    return InputFileError(
        expected=f"a file that can be read at {path}",
        got=error.strerror or type(error).__name__,
        remedy="close the program that holds it, or change its permissions",
    )
