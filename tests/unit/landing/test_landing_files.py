"""Files as they come: what is no text is refused by name, what is text is recognised."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tribu.errors import InputFileError
from tribu.landing.files import Kind, find_files, guess_delimiter, inspect_file, open_files, read_header, refuse_nul

Write = Callable[..., Path]


def test_a_folder_stands_for_its_text_files_sorted(write: Write, tmp_path: Path) -> None:
    for name in ["b.CSV", "a/z.tsv", "a/y.txt", "notes.md", ".hidden.csv", ".git/x.csv"]:
        write(name, "h\n1\n")
    named = write("odd.export", "h\n")
    found = find_files([tmp_path / "files", named])
    assert [name for _, name in found] == ["files/a/y.txt", "files/a/z.tsv", "files/b.CSV", "odd.export"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="nothing at .*none.csv"):
        find_files([tmp_path / "none.csv"])


def test_a_folder_without_text_files(write: Write) -> None:
    with pytest.raises(InputFileError, match=r"\.csv, \.tsv, \.txt.*got none"):
        find_files([write("only/picture.png", b"\x89PNG").parent])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b"\xef\xbb\xbf", "blank lines alone"),
        (b"\n \r\n\n", "blank lines alone"),
        (gzip.compress(b"a,b\n"), "a gzip file"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"<html><table><tr><th>handle</th></tr></table></html>", "a web page"),
        (b"\xef\xbb\xbf\n<!DOCTYPE HTML>", "a web page"),
        (b"PK\x03\x04 cut off", "a ZIP archive within an archive"),
    ],
)
def test_what_is_no_text_is_named(write: Write, content: bytes, said: str) -> None:
    with pytest.raises(InputFileError, match=f"got {said}"):
        inspect_file(write("export.csv", content), "export.csv")


@pytest.mark.parametrize(("member", "workbook"), [("xl/workbook.xml", True), ("list.csv", False)])
def test_workbooks_are_told_from_archives(tmp_path: Path, member: str, workbook: bool) -> None:
    path = tmp_path / "export.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "handle\nana\n")
    if workbook:
        assert inspect_file(path, path.name).kind is Kind.WORKBOOK
    else:
        (file,) = open_files(path, path.name, tmp_path)
        assert (file.kind, file.name) == (Kind.TEXT, "export.csv/list.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [("a,b\n1,2\n".encode("utf-16"), "UTF-16 text.*encoding: utf-16"), (b"a,b\n1,\x002\n", "NUL bytes")],
)
def test_nul_bytes_are_refused_unless_the_encoding_has_them(write: Write, content: bytes, said: str) -> None:
    file = inspect_file(write("export.csv", content), "export.csv")
    with pytest.raises(InputFileError, match=said):
        refuse_nul(file, "utf-8")
    refuse_nul(file, "utf-16")


def test_a_locked_file_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    # By a stand-in: the superuser, as whom tests run in containers, may read everything.
    path = write("export.csv", "a\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputFileError, match="export.csv; got Permission denied; remedy: close the program"):
        inspect_file(path, "export.csv")


def test_size_and_hash_are_those_of_the_whole_file(write: Write) -> None:
    import hashlib

    content = b"a,b\r\n" + b"x" * 3_000_000 + b",y\r\n"
    file = inspect_file(write("large.csv", content), "large.csv")
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (file.newlines.crlf, file.newlines.lf, file.newlines.cr) == (2, 0, 0)


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [("a,b\n", ","), ("a\tb,c\td\n", "\t"), ("a;b;c,d\n1,2,3,4,5", ";"), ("a\n1;2", ","), ("\ufeff\r\na\tb", "\t")],
)
def test_the_delimiter_is_what_the_first_line_holds_most_of(write: Write, content: str, delimiter: str) -> None:
    assert guess_delimiter(inspect_file(write("x.csv", content), "x.csv")) == delimiter


@pytest.mark.parametrize(
    ("content", "encoding", "cells", "records"),
    [
        (b"a,b\n1,2\n", "utf-8", ["a", "b"], 1),
        (b"\xef\xbb\xbfa,b\r\n", "utf-8", ["a", "b"], 1),
        (b'\n\n"a\nx","b ""q"""\n', "utf-8", ["a\nx", 'b "q"'], 3),
        ("é,b\n".encode("cp1252"), "cp1252", ["é", "b"], 1),
        ("é,b\n".encode("cp1252"), "utf-8", ["\ufffd", "b"], 1),
        ("é,b\n".encode("utf-16"), "utf-16", ["é", "b"], 1),
    ],
)
def test_the_header_is_the_first_line_that_is_not_blank(
    write: Write, content: bytes, encoding: str, cells: list[str], records: int
) -> None:
    file = inspect_file(write("x.csv", content), "x.csv")
    assert read_header(file, encoding, ",", '"') == (cells, records)


def test_without_quotation_marks_a_quote_is_a_character(write: Write) -> None:
    file = inspect_file(write("x.tsv", 'a "b\tc"\n'), "x.tsv")
    assert read_header(file, "utf-8", "\t", "") == (['a "b', 'c"'], 1)


def test_a_quotation_mark_left_open_in_the_header_is_told(write: Write) -> None:
    file = inspect_file(write("x.csv", 'a,"b\n' + "1,2\n" * 100_000), "x.csv")
    with pytest.raises(InputFileError, match="a header line at the start of"):
        read_header(file, "utf-8", ",", '"')
