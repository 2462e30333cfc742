"""Files that are no CSV land as if they were: every record accounted for, every value as it stands in the file."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tribu.errors import InputFileError, MappingError
from tribu.landing.importing import ImportResult, Outcome, import_files

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]

ID = "7123456789012345678"
RECORDS = [["platform", "account_id", "handle"], ["x", ID, "ana"], ["x", "2", "bo"], ["x", "2", "bo"]]
CSV = "".join(",".join(record) + "\n" for record in RECORDS)


def counts(result: ImportResult) -> list[tuple[int, int, int, int]]:
    return [(one.read, one.landed, one.duplicate, one.rejected) for one in result.outcomes]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def workbook(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def archive(members: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, member in members.items():
            packed.writestr(name, member)
    return content.getvalue()


def mapping(write: Write, headers: str, columns: str, more: str = "", table: str = "") -> str:
    return str(
        write(
            "m.yml",
            f"name: m\ntitle: m\nvariants:\n  - name: m\n    headers: [{headers}]\n{more}"
            f"    tables:\n      accounts:\n        columns: {{{columns}}}\n"
            f"        constants: {{platform: x}}\n{table}",
        )
    )


# --- workbooks -------------------------------------------------------------------------------------------------------


def test_a_workbook_of_one_sheet_is_a_file(landing: Path, write: Write, rows: Rows) -> None:
    data = write("list.xlsx", workbook({"Sheet1": [*RECORDS, [], ["x", "3", "cy", "", "stray"], ["x", "4"]]}))
    result = import_files(landing, [data])
    assert result.outcomes == (Outcome("list.xlsx", "accounts", "landing_columns", 5, 3, 1, 1),)
    ana, bo, short = rows("accounts")
    assert (ana["account_id"], ana["handle"], ana["_row"]) == (ID, "ana", 1)
    assert (bo["_row"], short["_row"], short["handle"]) == (2, 4, None)
    assert (ana["_file"], ana["_file_sha256"]) == ("list.xlsx", sha256(data.read_bytes()))
    (reject,) = rows("rejects")
    assert (reject["line"], reject["byte_position"]) == (6, None)
    assert (reject["raw_text"], reject["reason"]) == ('"x","3","cy","","stray"', "5 cells where the header has 3")


def test_values_of_a_workbook_are_those_that_are_stored(landing: Path, write: Write, rows: Rows) -> None:
    header = ["handle", "followers", "following", "observed_at", "bio", "is_verified", "category", "display_name"]
    when = datetime(2022, 6, 1)
    data = write(
        "list.xlsx",
        workbook({"A": [header, ["ana", 475800000.0, 1.5, when, " two\r\nlines ", True, "=1+1", "#N/A"]]}),
    )
    import_files(landing, [data], platform="x")
    (row,) = rows("accounts")
    assert [row[name] for name in header] == [
        "ana",
        "475800000",
        "1.5",
        "2022-06-01",
        " two\nlines ",
        "true",
        None,  # a formula without a stored result: it is not computed
        "#N/A",
    ]


def rewritten(book: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """The workbook with each of its parts changed, and more of them."""
    with zipfile.ZipFile(io.BytesIO(book)) as old:
        return archive({one: change(one, old.read(one)) for one in old.namelist()} | (more or {}))


@pytest.mark.parametrize("stored", [ID, "7.123456789012345678E18"])
def test_ids_that_a_workbook_holds_as_numbers(landing: Path, write: Write, rows: Rows, stored: str) -> None:
    book = workbook({"A": [["platform", "handle", "account_id"], ["x", "ana", 42]]})
    data = rewritten(book, lambda _, part: part.replace(b"<v>42</v>", f"<v>{stored}</v>".encode()))
    said: list[str] = []
    import_files(landing, [write("list.xlsx", data)], say=said.append)
    (row,) = rows("accounts")
    # What was written as a rounded number has lost its last digits, but never becomes 7.1E+18.
    assert row["account_id"] == (ID if stored == ID else "7123456789012346000")
    warned = [line for line in said if "1 ids under 'account_id' have lost their last digits" in line]
    assert len(warned) == (0 if stored == ID else 1)


def test_large_figures_are_no_ids(landing: Path, write: Write, rows: Rows) -> None:
    said: list[str] = []
    book = workbook({"A": [["platform", "handle", "total_views"], ["x", "ana", 2.28e17]]})
    import_files(landing, [write("list.xlsx", book)], say=said.append)
    assert rows("accounts")[0]["total_views"] == "228000000000000000"
    assert not any("digits" in line for line in said)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["list.json", "list.txt"])
def test_json_in_wide_characters_is_json(landing: Path, write: Write, rows: Rows, encoding: str, name: str) -> None:
    text = '[{"platform": "x", "handle": "zoë", "bio": "한국 😀"},\n {"platform": "x" "handle"},\n {"platform": "x", "handle": "bo"}]'
    data = text.encode(encoding)
    result = import_files(landing, [write(name, data)])
    (one,) = result.outcomes
    assert (one.read, one.landed, one.rejected) == (3, 2, 1)
    assert [(row["handle"], row["bio"]) for row in rows("accounts")] == [("zoë", "한국 😀"), ("bo", None)]
    (reject,) = rows("rejects")
    assert (reject["raw_text"], reject["line"], reject["byte_position"]) == ('{"platform": "x" "handle"}', 2, None)
    assert reject["_file_sha256"] == hashlib.sha256(data).hexdigest()


def test_formulas_give_their_stored_result_and_macros_and_links_nothing(
    landing: Path, write: Write, rows: Rows
) -> None:
    link = "='http://127.0.0.1:9/[other.xlsx]Sheet1'!A1"
    book = workbook({"A": [["platform", "handle", "followers", "bio"], ["x", "ana", "=1+1", link]]})
    data = rewritten(
        book,
        lambda _, part: part.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>77</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>77</v>"
        ),
        {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0", "xl/externalLinks/externalLink1.xml": b"<broken"},
    )
    import_files(landing, [write("list.xlsm", data)])
    (row,) = rows("accounts")
    assert (row["handle"], row["followers"], row["bio"]) == ("ana", "77", None)


def test_entities_that_multiply_are_told(landing: Path, write: Write) -> None:
    entities = b'<!ENTITY a0 "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    data = rewritten(
        workbook({"A": [["platform", "handle"], ["x", "ana"]]}),
        lambda name, part: (
            b"<!DOCTYPE x [" + entities + b"]>" + part.replace(b"<t>ana</t>", b"<t>&a9;</t>")
            if "sheet1" in name
            else part
        ),
    )
    with pytest.raises(InputFileError, match="a whole Excel workbook in"):
        import_files(landing, [write("list.xlsx", data)])


def test_a_row_of_any_number_is_told(landing: Path, write: Write) -> None:
    data = rewritten(workbook({"A": RECORDS}), lambda _, part: part.replace(b'<row r="3"', b'<row r="99999999999"'))
    with pytest.raises(InputFileError, match="at most 1,048,576 rows in"):
        import_files(landing, [write("list.xlsx", data)])


def test_every_sheet_is_a_file_and_the_header_need_not_be_its_first_row(
    landing: Path, write: Write, rows: Rows
) -> None:
    book = workbook(
        {
            "May": [["Report of May"], [], ["", "made by", "us"], *RECORDS],
            "empty": [],
            "June": RECORDS[:2],
        }
    )
    said: list[str] = []
    result = import_files(landing, [write("list.xlsx", book)], say=said.append)
    assert [(one.file, one.read, one.landed) for one in result.outcomes] == [
        ("list.xlsx/May", 3, 2),
        ("list.xlsx/June", 1, 1),
    ]
    assert {(row["_file"], row["_file_sha256"]) for row in rows("accounts")} == {
        (f"list.xlsx/{name}", sha256(f"{sha256(book)}/{name}".encode())) for name in ("May", "June")
    }
    assert "list.xlsx/May: the header is record 4; 2 lines above it are not read" in said


def test_the_sheet_that_a_mapping_names_is_the_one_that_is_read(landing: Path, write: Write, rows: Rows) -> None:
    book = write("list.xlsx", workbook({"Notes": [["read me"]], "Data": [["User", "Fans"], ["ana", 1]]}))
    one = mapping(write, "User, Fans", "handle: User, followers: Fans", more="    sheet: data\n")
    said: list[str] = []
    result = import_files(landing, [book], mapping=one, say=said.append)
    assert [(one.file, one.landed) for one in result.outcomes] == [("list.xlsx/Data", 1)]
    assert "list.xlsx: not read, for m is about another sheet: Notes" in said
    with pytest.raises(InputFileError, match=r"a sheet 'other', as m declares.*got 'Notes', 'Data'"):
        import_files(
            landing, [book], mapping=mapping(write, "User", "handle: User", more="    sheet: other\n"), again=True
        )
    with pytest.raises(MappingError, match=r"list.xlsx, sheet 'Notes' with the headers 'read me'"):
        import_files(landing, [book], again=True)


def test_a_sheet_of_a_header_alone(landing: Path, write: Write) -> None:
    assert counts(import_files(landing, [write("a.xlsx", workbook({"A": RECORDS[:1]}))])) == [(0, 0, 0, 0)]


def test_a_record_is_no_line_above_the_header(landing: Path, write: Write) -> None:
    lines = ["x,1,zoe", *CSV.splitlines()]
    with pytest.raises(MappingError, match="with the headers 'x', '1', 'zoe'"):
        import_files(landing, [write("a.csv", "\n".join(lines))])


def test_a_header_below_other_lines_in_a_text(landing: Path, write: Write, rows: Rows) -> None:
    content = "Report;of\n\nMay\n" + CSV.replace(",", ";") + "x;5\n"
    assert counts(import_files(landing, [write("a.csv", content)])) == [(4, 2, 1, 1)]
    assert [row["_row"] for row in rows("accounts")] == [1, 2]
    (reject,) = rows("rejects")
    assert (reject["line"], reject["byte_position"]) == (8, content.index("x;5"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 cut off", "a damaged ZIP archive"),
        (archive({"xl/workbook.xml": "x"}), "a damaged ZIP archive or Excel workbook"),
        (workbook({"A": RECORDS})[:-30], "a damaged ZIP archive"),
        (workbook({"A": []}), "sheets without a cell"),
    ],
)
def test_a_damaged_workbook_is_told(landing: Path, write: Write, content: bytes, said: str) -> None:
    with pytest.raises(InputFileError, match=said):
        import_files(landing, [write("list.xlsx", content)])
    assert not landing.exists()


# --- archives --------------------------------------------------------------------------------------------------------


def test_a_gzip_file_is_the_file_in_it(landing: Path, write: Write, rows: Rows) -> None:
    data = write("list.csv.gz", gzip.compress(CSV.encode() + b"x,1\n"))
    assert counts(import_files(landing, [data])) == [(4, 2, 1, 1)]
    assert {(row["_file"], row["_file_sha256"]) for row in rows("accounts")} == {
        ("list.csv.gz", sha256(CSV.encode() + b"x,1\n"))
    }
    (reject,) = rows("rejects")
    assert reject["byte_position"] == len(CSV)
    # Unpacked, it is the same file.
    assert counts(import_files(landing, [write("list.csv", CSV + "x,1\n")])) == [(4, 0, 4, 0)]


def test_every_file_of_an_archive_is_a_file(landing: Path, write: Write, rows: Rows) -> None:
    members = {
        "b/list.csv": CSV,
        "a.xlsx": workbook({"A": RECORDS[:2], "B": RECORDS[:3]}),
        "c.jsonl": json.dumps({"platform": "x", "handle": "cy"}),
        "read me.pdf": b"%PDF",
        "__MACOSX/b/._list.csv": b"\0",
        "d/": "",
    }
    result = import_files(landing, [write("all.zip", archive(members))])
    assert [(one.file, one.read, one.landed) for one in result.outcomes] == [
        ("all.zip/a.xlsx/A", 1, 1),
        ("all.zip/a.xlsx/B", 2, 2),
        ("all.zip/b/list.csv", 3, 2),
        ("all.zip/c.jsonl", 1, 1),
    ]
    assert sorted({row["_file"] for row in rows("accounts")}) == [one.file for one in result.outcomes]


def encrypted() -> bytes:
    content = bytearray(archive({"a.csv": CSV}))
    central = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[central + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive({"a.csv": CSV, "more.zip": b"PK"}), "no archive within the archive"),
        (archive({"a.csv": archive({"b.csv": CSV})}), "a ZIP archive within an archive"),
        (gzip.compress(gzip.compress(CSV.encode())), "a gzip file within an archive"),
        (gzip.compress(archive({"a.csv": CSV})), "a ZIP archive within an archive"),
        (gzip.compress(CSV.encode())[:-9], "a whole gzip file"),
        (archive({"../../a.csv": CSV}), "names that stay within the archive"),
        (archive({"/etc/a.csv": CSV}), "names that stay within the archive"),
        (archive({"a.pdf": b"%PDF"}), "none among its 1"),
        (archive({"a.csv": CSV})[:40] + b"\xff\xff" + archive({"a.csv": CSV})[42:], "a damaged ZIP archive"),
        (encrypted(), "a.csv, which is encrypted.*unpack it with its password"),
    ],
)
def test_archives_that_are_refused(landing: Path, write: Write, content: bytes, said: str) -> None:
    data = write("list.zip", content)
    with pytest.raises(InputFileError, match=said):
        import_files(landing, [data])
    assert not landing.exists()


# --- JSON ------------------------------------------------------------------------------------------------------------

ANA = {"platform": "x", "handle": "ana", "account_id": int(ID), "followers": 12.50, "bio": 'é "q"\n'}
BO = {"handle": "bo", "platform": "x", "is_verified": True, "followers": None}


@pytest.mark.parametrize("form", ["list", "lines", "sequence", "spaced"])
def test_objects_in_a_list_or_one_after_the_other(landing: Path, write: Write, rows: Rows, form: str) -> None:
    text = {
        "list": json.dumps([ANA, BO, BO]),
        "lines": "\r\n".join(map(json.dumps, [ANA, BO, BO])),
        "sequence": "\n".join(json.dumps(one, indent=2) for one in [ANA, BO, BO]),
        "spaced": "\ufeff \n" + json.dumps([ANA, BO, BO], indent=1),
    }[form].replace("12.5", "12.50")
    data = write("list.json", text)
    assert counts(import_files(landing, [data])) == [(3, 2, 1, 0)]
    ana, bo = rows("accounts")
    assert (ana["account_id"], ana["followers"], ana["bio"]) == (ID, "12.50", ANA["bio"])
    assert (bo["handle"], bo["is_verified"], bo["followers"], bo["account_id"]) == ("bo", "true", None, None)
    assert (ana["_row"], bo["_row"], ana["_file_sha256"]) == (1, 2, sha256(data.read_bytes()))


def test_objects_within_objects_have_dotted_keys_and_lists_stay_json(landing: Path, write: Write, rows: Rows) -> None:
    record = {"user": {"name": "ana", "stats": {"fans": 1}}, "tags": ["a", {"é": 1.5}], "empty": {}}
    other = {"user": {"name": "bo"}, "tags": []}
    data = write("list.json", json.dumps([record, other]))
    one = mapping(
        write, "never, tags, user.stats.fans, user.name, empty", "handle: user.name, followers: user.stats.fans"
    )
    assert counts(import_files(landing, [data], mapping=one)) == [(2, 2, 0, 0)]
    ana, bo = rows("accounts")
    assert (ana["handle"], ana["followers"], bo["handle"], bo["followers"]) == ("ana", "1", "bo", None)
    assert json.loads(ana["extra"]) == {"tags": '["a", {"é": 1.5}]', "empty": "{}"}
    assert json.loads(bo["extra"]) == {"tags": "[]", "empty": None}


def test_a_key_that_no_mapping_knows_is_told(landing: Path, write: Write) -> None:
    data = write("list.json", json.dumps([{"name": "ana", "town": "Rome"}]))
    with pytest.raises(MappingError, match="has beside it 'town'"):
        import_files(landing, [data], mapping=mapping(write, "name", "handle: name"))


@pytest.mark.parametrize("path", ["items", "data.items"])
def test_a_list_within_one_object(landing: Path, write: Write, rows: Rows, path: str) -> None:
    inner: dict[str, Any] = {"next": "[{", "items": [{"name": "ana"}, {"name": "bo"}], "total": 2}
    data = write("page.json", json.dumps(inner if path == "items" else {"n": [1], "data": inner}))
    one = mapping(write, "name", "handle: name", more=f"    records: {path}\n")
    assert counts(import_files(landing, [data], mapping=one)) == [(2, 2, 0, 0)]
    with pytest.raises(MappingError, match="a list at 'other', as `records` declares.*no key 'other'"):
        import_files(
            landing, [data], mapping=mapping(write, "name", "handle: name", more="    records: other\n"), again=True
        )
    if path == "items":
        with pytest.raises(MappingError, match="declare `records: items`"):
            import_files(landing, [data], again=True)


def test_damaged_records_of_json_lines_cost_a_line_each(landing: Path, write: Write, rows: Rows) -> None:
    good = b'{"platform": "x", "handle": "%d"}'
    bad = [
        b'{"platform": "x", "handle": "cut',
        b"[1]",
        b'{"platform": "x", "handle": "a", "handle": "b"}',
        b'{"platform": "x", "handle": "\xff"}',
        b'{"platform": "x", "handle": "\\ud800"}',
        b'{"platform": {"b": 1}, "platform.b": 2}',
        b"{}",
        b'{"handle": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"handle": "' + b"o" * 2_000_001 + b'"}',
    ]
    lines = [line for number, one in enumerate(bad) for line in (good % number, one)]
    data = write("list.jsonl", b"\n".join(lines) + b"\n\n")
    assert counts(import_files(landing, [data])) == [(18, 9, 0, 9)]
    rejects = rows("rejects")
    content = data.read_bytes()
    for reject, raw, number in zip(rejects, bad, range(2, 19, 2), strict=True):
        assert (reject["line"], content[reject["byte_position"] :][: len(raw)]) == (number, raw)
        assert reject["raw_text"] == raw.decode(errors="backslashreplace")
    assert [reject["reason"].split(":")[0] for reject in rejects] == [
        "no JSON",
        "no JSON",
        "no JSON",
        "bytes that are not UTF-8",
        "half a character (a lone surrogate)",
        "no JSON",
        "an object without a value",
        "more than 64 levels of JSON in JSON",
        "a record longer than 2,000,000 bytes",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[{"handle": "a"}, {"handle": "b", nonsense}, {"handle": "c"}]', (3, 2, 0, 1)),
        ('[{"handle": "a"}, , 7, {"handle": "c"} {"handle": "d"}]', (5, 3, 0, 2)),
        ('[{"handle": "a"}, {"handle": "b"', (2, 1, 0, 1)),
        ('[{"handle": "a"},', (2, 1, 0, 1)),
        ('[{"handle": "a"}}, {"handle": "b"}]', (2, 1, 0, 1)),
        ('{\n"handle": "a"\n}\n{\n"handle": "b\n', (2, 1, 0, 1)),
    ],
)
def test_damage_in_a_list_costs_what_it_touches(
    landing: Path, write: Write, text: str, found: tuple[int, int, int, int]
) -> None:
    assert counts(import_files(landing, [write("list.json", text)], platform="x")) == [found]


@pytest.mark.parametrize("text", ["[]", "[1, 2]", "{", '{"a"', "[", "null", "{}", '["a"'])
def test_json_without_an_object_is_told(landing: Path, write: Write, text: str) -> None:
    with pytest.raises(InputFileError, match="JSON objects in"):
        import_files(landing, [write("list.json", text)])


# --- Parquet ---------------------------------------------------------------------------------------------------------


def test_parquet_loses_nothing(landing: Path, tmp_path: Path, rows: Rows) -> None:
    path = tmp_path / "list.parquet"
    table = pa.table(
        {
            "handle": pa.array(["ana", "bo"]).dictionary_encode(),
            "account_id": pa.array([int(ID), None], pa.int64()),
            "followers": pa.array([475800000.0, None]),
            "following": pa.array([0.1, 1e21], pa.float32()),
            "engagement_rate": pa.array([Decimal("1.390"), None], pa.decimal128(20, 3)),
            "observed_at": pa.array([1654041600000000001, None], pa.timestamp("ns", "Europe/Paris")),
            "account_created_at": pa.array([19000, None], pa.date32()),
            "is_verified": pa.array([True, None]),
            "bio": pa.array([b"caf\xc3\xa9", b"\xff"]),
        }
    )
    pq.write_table(table, path)
    assert counts(import_files(landing, [path], platform="x")) == [(2, 2, 0, 0)]
    ana, bo = rows("accounts")
    assert [ana[name] for name in table.column_names] == [
        "ana",
        ID,
        "475800000",
        "0.1",
        "1.390",
        "2022-06-01T00:00:00.000000001Z",
        "2022-01-08",
        "true",
        "café",
    ]
    assert [bo[name] for name in table.column_names[1:4]] == [None, None, "1" + "0" * 21]
    assert bo["bio"] == "ff"
    assert (ana["_row"], ana["_file_sha256"]) == (1, sha256(path.read_bytes()))


def test_structs_are_dotted_and_lists_are_json(landing: Path, write: Write, tmp_path: Path, rows: Rows) -> None:
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"user": [{"name": "ana", "n": {"fans": 1}}, None], "tags": [["a", "é"], None]}), path)
    one = mapping(write, "user.name, user.n.fans, tags", "handle: user.name, followers: user.n.fans")
    assert counts(import_files(landing, [path], mapping=one)) == [(2, 2, 0, 0)]
    ana, nobody = rows("accounts")
    assert (ana["handle"], ana["followers"], ana["extra"]) == ("ana", "1", '{"tags":"[\\"a\\", \\"é\\"]"}')
    assert (nobody["handle"], nobody["extra"]) == (None, '{"tags":null}')


def test_a_damaged_parquet_file_is_told(landing: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"platform": ["x"] * 9, "handle": list("abcdefghi")}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputFileError, match="a whole Parquet file in"):
        import_files(landing, [path])
