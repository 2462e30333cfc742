"""Delimiters, encodings, paths and limits: told from the file where that is certain, asked for where it is not."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tribu.errors import InputFileError, MappingError, TribuError
from tribu.landing import archives, limits, parquet_files, workbooks
from tribu.landing.files import guess_delimiter, inspect_file
from tribu.landing.importing import ImportResult, import_files
from tribu.landing.mapping_file import parse_mapping

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]

CSV = "platform,handle,bio\nx,ana,a\nx,bo,b\n"


def counts(result: ImportResult) -> list[tuple[int, int, int, int]]:
    return [(one.read, one.landed, one.duplicate, one.rejected) for one in result.outcomes]


def mapping(write: Write, reading: str = "", table: str = "") -> str:
    return str(
        write(
            "m.yml",
            "name: m\ntitle: m\nvariants:\n  - name: m\n    headers: [Handle, Bio]\n"
            f"{reading}    tables:\n      accounts:\n        columns: {{handle: Handle, bio: Bio}}\n"
            f"        constants: {{platform: x}}\n{table}",
        )
    )


# --- delimiters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mark"), [("a.csv", ";"), ("a.csv", "|"), ("a.csv", "\t"), ("a.txt", ","), ("a.tsv", ","), ("a.txt", "|")]
)
@pytest.mark.parametrize("mapped", [True, False])
def test_a_name_may_lie_about_the_delimiter(
    landing: Path, write: Write, rows: Rows, name: str, mark: str, mapped: bool
) -> None:
    text = f'Handle{mark}Bio\nana{mark}"a{mark}b, c; d"\n' if mapped else CSV.replace(",", mark)
    result = import_files(landing, [write(name, text)], mapping=mapping(write) if mapped else None)
    assert result.outcomes[0].landed == (1 if mapped else 2)
    assert rows("accounts")[0]["bio"] == (f"a{mark}b, c; d" if mapped else "a")


def test_a_delimiter_that_the_first_line_does_not_tell_is_asked_for(landing: Path, write: Write) -> None:
    data = write("a.csv", "Name, first;Bio\nAna;x\n")
    with pytest.raises(InputFileError, match="got 1 each of ',' and ';'; remedy: declare it in a mapping"):
        import_files(landing, [data])
    assert guess_delimiter(inspect_file(write("b.csv", '"a,b,c";d\n'), "b.csv")) == ";"


# --- encodings -------------------------------------------------------------------------------------------------------

NAMES = ["José Peña", "François Müller", "Zoë", "l’Atelier", "São à Paulo", "Bjørn", "50 €"]


def table_of(names: list[str]) -> str:
    return "platform,handle,bio\r\n" + "".join(f"x,u{number},{name}\r\n" for number, name in enumerate(names))


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", "read as UTF-16, as its first bytes say"),
        ("utf-32", "read as UTF-32, as its first bytes say"),
        ("utf-16-le", "read as UTF-16-LE: "),
        ("utf-16-be", "read as UTF-16-BE: "),
        ("cp1252", "read as cp1252: 10 of 10 bytes beyond ASCII (100%)"),
        ("latin-1", "read as cp1252: 8 of 8 bytes beyond ASCII (100%)"),
    ],
)
def test_an_encoding_that_tells_itself(
    landing: Path, write: Write, rows: Rows, encoding: str, said: str | None
) -> None:
    names = [name for name in NAMES if encoding != "latin-1" or name.encode("latin-1", errors="replace").find(b"?") < 0]
    remarks: list[str] = []
    data = write("a.csv", table_of(names).encode(encoding))
    assert counts(import_files(landing, [data], say=remarks.append)) == [(len(names), len(names), 0, 0)]
    assert [row["bio"] for row in rows("accounts")] == names
    assert [line for line in remarks if "read as" in line] == [
        line for line in remarks if said and line.startswith(f"a.csv: {said}")
    ]
    assert bool(said) == any("read as" in line for line in remarks)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1251", ["Привет", "Анна Каренина", "Москва"]),
        ("gb18030", ["小红书", "达人名单", "上海"]),
        ("euc_kr", ["인플루언서", "서울", "김민지"]),
        ("shift_jis", ["東京カメラ", "名前", "渡辺"]),
        ("cp1250", ["Łukasz Żółć", "Śląsk", "Kraków"]),
        ("cp1254", ["Işıl Şahin", "İstanbul", "Doğan"]),
        ("mac_roman", ["José Peña", "François", "Zoë Müller"]),
        ("cp437", ["José Peña", "François", "Zoë Müller"]),
    ],
)
def test_an_encoding_of_which_nothing_is_sure_is_asked_for(
    landing: Path, write: Write, rows: Rows, encoding: str, names: list[str]
) -> None:
    content = table_of(names).encode(encoding)
    with pytest.raises(InputFileError, match="declare the file's encoding"):
        import_files(landing, [write("a.csv", content)])
    one = mapping(write, f"    encoding: {encoding}\n")
    data = write("b.csv", content.replace(b"platform,handle,bio", b"Handle,Bio").replace(b"x,u", b"u"))
    assert counts(import_files(landing, [data], mapping=one)) == [(3, 3, 0, 0)]
    assert [row["bio"] for row in rows("accounts")] == names


def test_a_damaged_utf8_file_is_utf8(landing: Path, write: Write, rows: Rows) -> None:
    content = table_of(NAMES).encode() + b"x,cut,caf\xc3\r\n"
    assert counts(import_files(landing, [write("a.csv", content)])) == [(8, 7, 0, 1)]
    (reject,) = rows("rejects")
    assert (reject["byte_position"], reject["raw_text"]) == (content.index(b"x,cut"), "x,cut,caf\\xc3")


@pytest.mark.parametrize(
    ("encoding", "bad", "raw"),
    [("cp1252", b"\x81", "\\x81"), ("utf-16-le", b"\x00\xd8", "\\x00\\xd8"), ("ascii", b"\xe9", "\\xe9")],
)
def test_bytes_that_an_encoding_does_not_have_cost_their_record(
    landing: Path, write: Write, rows: Rows, encoding: str, bad: bytes, raw: str
) -> None:
    head = "Handle,Bio\nana,😀\nbo,".replace("😀", "😀" if encoding == "utf-16-le" else "-").encode(encoding)
    end = "\ncy,c\n".encode(encoding)
    data = write("a.csv", head + bad + end)
    one = mapping(write, f"    encoding: {encoding}\n")
    assert counts(import_files(landing, [data], mapping=one)) == [(3, 2, 0, 1)]
    (reject,) = rows("rejects")
    assert (reject["line"], reject["raw_text"]) == (3, f"bo,{raw}")
    assert reject["byte_position"] == len(head) - len("bo,".encode(encoding))
    assert reject["reason"] == f"bytes that are not {'UTF-8' if encoding == 'ascii' else encoding}"


# --- values from paths -----------------------------------------------------------------------------------------------

FROM_PATH = "        from_path: {country: 'country=([A-Z]{2})', observed_at: '(\\d{4}-\\d{2}-\\d{2})'}\n"


def test_values_come_from_names_of_files_and_folders(landing: Path, write: Write, rows: Rows) -> None:
    for country in ("FR", "BR"):
        for day in ("01", "02"):
            write(
                f"all/2020-01-01/country={country}/list 2026-05-{day}.csv",
                f"Handle,Bio\nana{country}{day},1\n{country}{day},2\n",
            )
    one = mapping(write, table=FROM_PATH)
    folder = write("all/more.zip", archive({"country=DE/2026-06-01.csv": "Handle,Bio\nde,\n"})).parent
    result = import_files(landing, [folder], mapping=one)
    assert sum(outcome.landed for outcome in result.outcomes) == 9
    found = {(row["handle"], row["country"], row["observed_at"]) for row in rows("accounts")}
    assert {("anaFR01", "FR", "2026-05-01"), ("BR02", "BR", "2026-05-02"), ("de", "DE", "2026-06-01")} < found
    assert {row["_file"] for row in rows("accounts") if row["country"] == "DE"} == {
        "all/more.zip/country=DE/2026-06-01.csv"
    }
    # One that is said on the command line wins, as it does over a constant.
    import_files(landing, [folder], mapping=one, observed_at="2026-07-01", again=True)
    assert {row["observed_at"] for row in rows("accounts")} == {"2026-07-01"}


def test_a_path_without_the_value_is_told(landing: Path, write: Write) -> None:
    data = write("a.csv", "Handle,Bio\nana,\n")
    with pytest.raises(MappingError, match="country in the path of .*a.csv, where m looks for .*nothing that"):
        import_files(landing, [data], mapping=mapping(write, table=FROM_PATH))
    assert not landing.exists()


@pytest.mark.parametrize(
    ("pattern", "said"), [("FR", "0 in 'FR'"), ("(F)(R)", "2 in"), ("(", "a regular expression at m.yml.*from_path")]
)
def test_a_pattern_has_one_group(write: Write, pattern: str, said: str) -> None:
    text = Path(mapping(write, table=f"        from_path: {{country: '{pattern}'}}\n")).read_text()
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, "m.yml")
    assert said.split(".*", maxsplit=1)[0] in str(caught.value)


def test_thousands_of_small_files(landing: Path, write: Write, rows: Rows) -> None:
    for number in range(1000):
        path = write(f"many/country=FR/{number:04d}-2026-05-01.json", json.dumps({"Handle": f"u{number}", "Bio": None}))
    result = import_files(landing, [path.parent.parent], mapping=mapping(write, table=FROM_PATH))
    assert len(result.outcomes) == 1000
    assert {(row["handle"], row["_file"], row["_row"]) for row in rows("accounts")} == {
        (f"u{number}", f"many/country=FR/{number:04d}-2026-05-01.json", 1) for number in range(1000)
    }


# --- limits ----------------------------------------------------------------------------------------------------------


def archive(members: dict[str, bytes | str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, member in members.items():
            packed.writestr(name, member)
    return content.getvalue()


def refused(landing: Path, path: Path, said: str) -> None:
    """The file is refused in one line, and landing stays as it is."""
    before = sorted(landing.rglob("*")) if landing.exists() else None
    with pytest.raises(TribuError, match=said):
        import_files(landing, [path], platform="x")
    assert (sorted(landing.rglob("*")) if landing.exists() else None) == before


@pytest.mark.parametrize("pack", ["gz", "zip"])
@pytest.mark.parametrize("landed_before", [True, False])
def test_a_bomb_is_stopped_while_it_unpacks(landing: Path, write: Write, pack: str, landed_before: bool) -> None:
    if landed_before:
        import_files(landing, [write("good.csv", CSV)])
    bomb = CSV.encode() + b"x,a,a\n" * 20_000_000
    content = gzip.compress(bomb, 9) if pack == "gz" else archive({"a.csv": bomb})
    refused(landing, write(f"bomb.csv.{pack}", content), r"at most 200 times its bytes in .*bomb\.csv.*got more than")


def test_all_archives_of_a_call_share_one_limit(landing: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives.Budget.__init__, "__defaults__", (1000,))
    folder = write("all/a.csv.gz", gzip.compress(CSV.encode() * 20)).parent
    write("all/b.zip", archive({"b.csv": CSV * 20}))
    refused(landing, folder, "at most 1,000 bytes unpacked in one import in .*b.zip/b.csv")


@pytest.mark.parametrize(
    ("module", "name", "value", "said"),
    [
        (workbooks, "MAX_WORKBOOK", 1000, "at most 1,000 bytes in all in the workbook"),
        (workbooks, "MAX_ROWS_IN_SHEET", 2, "at most 2 rows in"),
        (workbooks, "MAX_COLUMNS", 2, "at most 2 columns in .*got 3 in row 1"),
        (archives, "MAX_MEMBERS", 3, "at most 3 files in"),
        (parquet_files, "RATIO_FROM", 10, "at most 1 times its bytes in"),
    ],
)
def test_limits_of_formats(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, value: int, said: str
) -> None:
    import openpyxl

    path = tmp_path / "list"
    if module is workbooks:
        book = openpyxl.Workbook()
        for line in CSV.splitlines():
            book.active.append(line.split(","))
        book.save(path)
    elif module is archives:
        path.write_bytes(archive({f"{number}.csv": CSV for number in range(4)}))
    else:
        pq.write_table(pa.table({"platform": ["x"] * 9999, "handle": ["a" * 100] * 9999}), path, use_dictionary=False)
        monkeypatch.setattr(parquet_files, "MAX_RATIO", 1)
    monkeypatch.setattr(module, name, value)
    refused(landing, path, said)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.csv",
            ",".join(f"column_{number}" for number in range(1_000_000)) + "\n1\n",
            "none that ends within 262,144",
        ),
        ("a.csv", "a," * 100_000 + "a\n1\n", "at most 10,000 columns in .*got 100,001"),
        ("a.json", json.dumps([{f"k{number}": 1 for number in range(20_000)}]), "at most 10,000 columns in"),
        ("a.csv", '"' + "o" * 3_000_000, "a quotation mark that is not closed|none that ends within"),
    ],
)
def test_headers_that_are_none(landing: Path, write: Write, name: str, content: str, said: str) -> None:
    refused(landing, write(name, content), said)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_a_hundred_megabytes_is_one_reject(landing: Path, write: Write, rows: Rows, quote: str) -> None:
    cell = quote + "o" * 100_000_000 + quote
    assert counts(import_files(landing, [write("a.csv", f"{CSV}x,cy,{cell}\nx,di,d\n")])) == [(4, 3, 0, 1)]
    (reject,) = rows("rejects")
    assert reject["byte_position"] == len(CSV)
    assert len(reject["raw_text"]) == limits.MAX_RAW_TEXT


def test_json_that_never_ends_its_brackets(landing: Path, write: Write, rows: Rows) -> None:
    data = write("a.json", b'[{"platform": "x", "handle": "ana"}, ' + b"[" * 5_000_000)
    assert counts(import_files(landing, [data])) == [(2, 1, 0, 1)]


def test_links_stay_within_the_folder(landing: Path, write: Write, tmp_path: Path, rows: Rows) -> None:
    folder = write("all/a.csv", CSV).parent
    (folder / "again.csv").symlink_to(folder / "a.csv")
    assert counts(import_files(landing, [folder])) == [(2, 2, 0, 0), (2, 0, 2, 0)]
    outside = write("secret/b.csv", CSV.replace("ana", "secret"))
    (folder / "b.csv").symlink_to(outside)
    refused(landing, folder, "links that stay within the folder .*all; got .*b.csv, which leads to .*secret/b.csv")
    (folder / "b.csv").unlink()
    (folder / "more").symlink_to(outside.parent)
    refused(landing, folder, "links that stay within the folder .*got .*more, which leads to .*secret")
    # What a person names is theirs to name.
    assert counts(import_files(landing, [folder / "more"])) == [(2, 2, 0, 0)]


def test_a_folder_that_leads_to_itself(landing: Path, write: Write) -> None:
    folder = write("all/a.csv", CSV).parent
    (folder / "loop").symlink_to(folder)
    assert counts(import_files(landing, [folder])) == [(2, 2, 0, 0)]
