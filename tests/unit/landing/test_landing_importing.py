"""Imports from end to end: what lands, what is a duplicate, what is rejected, and that bad input changes nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tribu.errors import InputFileError, LandingError, MappingError, TribuError
from tribu.landing import reading
from tribu.landing.contract import TABLE_COLUMNS, table_schema
from tribu.landing.importing import ImportResult, Outcome, import_files
from tribu.landing.store import check_landing, read_ledger

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]

ACCOUNTS = "platform,handle,followers\nx,ana,12.3K\nx,bo,\n"

MAPPING = """
name: lists
title: Lists
variants:
  - name: lists
    headers: [No, User, Fans, Fans, City]
    ignore: [No]
    null_spellings: ["?"]
    date_order: dmy
    number_locale: fr
    tables:
      accounts:
        constants: {platform: x}
        columns:
          handle: User
          followers: {header: Fans, unit: thousand}
""".replace("header: Fans,", "header: Fans, position: 1,")


def counts(result: ImportResult) -> list[tuple[int, int, int, int]]:
    return [(one.read, one.landed, one.duplicate, one.rejected) for one in result.outcomes]


def test_landing_columns_land_as_they_are(landing: Path, write: Write, rows: Rows) -> None:
    said: list[str] = []
    result = import_files(landing, [write("a.csv", ACCOUNTS)], say=said.append)
    assert result.outcomes == (Outcome("a.csv", "accounts", "landing_columns", 2, 2, 0, 0),)
    first, second = rows("accounts")
    assert (first["platform"], first["handle"], first["followers"]) == ("x", "ana", "12.3K")
    assert second["followers"] is None
    assert [first["_row"], second["_row"]] == [1, 2]
    assert (first["_file"], first["_batch_id"], first["number_locale"]) == ("a.csv", result.batch_id, "en")
    assert (first["source"], first["extra"]) == ("landing_columns", None)
    assert "1 file fits landing_columns" in said
    assert any("--observed-at" in line for line in said)


def test_every_table_of_a_batch_is_written_in_the_columns_of_the_contract(landing: Path, write: Write) -> None:
    result = import_files(landing, [write("a.csv", ACCOUNTS)])
    for table in ("accounts", "posts", "rejects", "imports"):
        found = pq.read_schema(landing / table / f"{result.batch_id}.parquet")
        assert (found.names, found.types) == (table_schema(table).names, table_schema(table).types)
    assert check_landing(landing)


def test_a_mapping_lands_constants_extra_and_what_staging_needs(landing: Path, write: Write, rows: Rows) -> None:
    mapping = write("lists.yml", MAPPING)
    data = write("list.csv", 'No,User,Fans,fans,City\n1, ana ,"1,5",1500,Aÿ "x"\n2,bo,?,,\n')
    import_files(landing, [data], mapping=str(mapping), observed_at="2026-01-02")
    ana, bo = rows("accounts")
    assert (ana["handle"], ana["followers"], ana["platform"]) == (" ana ", "1,5", "x")
    assert (ana["observed_at"], ana["source"], ana["number_locale"]) == ("2026-01-02", "lists", "fr")
    assert json.loads(ana["extra"]) == {"Fans (2)": "1500", "City": 'Aÿ "x"'}
    assert json.loads(bo["extra"]) == {"Fans (2)": None, "City": None}
    assert bo["followers"] == "?"
    (entry,) = rows("imports")
    assert entry["null_spellings"] == ["?"]
    assert entry["units"] == [("followers", "thousand")]
    assert (entry["date_order"], entry["mapping"], entry["table_name"]) == ("dmy", "lists", "accounts")
    assert (entry["rows_read"], entry["rows_landed"]) == (2, 2)


def test_records_are_duplicates_when_every_cell_is_equal_ignored_ones_too(
    landing: Path, write: Write, rows: Rows
) -> None:
    mapping = write("lists.yml", MAPPING)
    data = write("list.csv", "No,User,Fans,fans,City\n1,ana,1,1,\n2,bo,2,2,\n3,ana,1,1,\n1,ana,1,1,\n4,ana,1,1,Rome\n")
    result = import_files(landing, [data], mapping=str(mapping))
    assert counts(result) == [(5, 4, 1, 0)]
    assert [row["_row"] for row in rows("accounts")] == [1, 2, 3, 5]


def test_blank_lines_are_no_records_and_blank_records_are(landing: Path, write: Write, rows: Rows) -> None:
    data = write("a.csv", "platform,handle\n\nx,ana\n,\n\n\nx,bo\n\n")
    assert counts(import_files(landing, [data])) == [(3, 3, 0, 0)]
    assert [row["handle"] for row in rows("accounts")] == ["ana", None, "bo"]


def test_a_list_of_handles_alone_may_have_blank_lines(landing: Path, write: Write, rows: Rows) -> None:
    import_files(landing, [write("a.txt", "handle\nana\n\nbo\n\n")], platform="x")
    assert [(row["platform"], row["handle"]) for row in rows("accounts")] == [("x", "ana"), ("x", "bo")]


def test_one_file_may_feed_both_tables(landing: Path, write: Write, rows: Rows) -> None:
    mapping = write(
        "videos.yml",
        """
name: videos
title: Videos with their channels
variants:
  - name: videos
    headers: [video, channel, title, place]
    extra: posts
    tables:
      posts: {constants: {platform: youtube}, columns: {post_id: video, account_id: channel}}
      accounts: {constants: {platform: youtube}, columns: {account_id: channel, display_name: title}}
""",
    )
    data = write("v.csv", "video,channel,title,place\nv1,c1,T,BR\nv2,c1,T,BR\nv1,c1,T,BR\nv3,c2\n")
    result = import_files(landing, [data], mapping=str(mapping))
    assert [(one.table, one.read, one.landed, one.duplicate, one.rejected) for one in result.outcomes] == [
        ("posts", 4, 2, 1, 1),
        ("accounts", 4, 2, 1, 1),
    ]
    assert [(row["post_id"], row["extra"]) for row in rows("posts")] == [
        ("v1", '{"place":"BR"}'),
        ("v2", '{"place":"BR"}'),
    ]
    assert [(row["account_id"], row["extra"], row["_row"]) for row in rows("accounts")] == [
        ("c1", None, 1),
        ("c1", None, 2),
    ]
    assert len(rows("rejects")) == 1


def test_options_fill_empty_cells(landing: Path, write: Write, rows: Rows) -> None:
    data = write("a.csv", "platform,handle,observed_at\nx,ana,2020-01-01\n,bo,\n")
    import_files(landing, [data], platform="tiktok", observed_at="2026-01-02")
    assert [(row["platform"], row["observed_at"]) for row in rows("accounts")] == [
        ("x", "2020-01-01"),
        ("tiktok", "2026-01-02"),
    ]


# --- rejects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rejects_keep_line_place_reason_and_text(landing: Path, write: Write, rows: Rows, end: str) -> None:
    lines = ["platform,handle,bio", 'x,ana,"two', 'lines"', "x,bo", "x,cy,1,2,3", "x,di,ok"]
    content = end.join([*lines, ""]).encode()
    assert counts(import_files(landing, [write("a.csv", content)])) == [(4, 2, 0, 2)]
    short, long = rows("rejects")
    assert (short["line"], short["raw_text"]) == (4, "x,bo")
    assert (long["line"], long["raw_text"]) == (5, "x,cy,1,2,3")
    assert short["byte_position"] == content.index(b"x,bo")
    assert long["byte_position"] == content.index(b"x,cy")
    assert short["reason"] == "2 cells where the header has 3"
    assert long["reason"] == "5 cells where the header has 3"
    assert short["_file"] == "a.csv"
    assert [row["_row"] for row in rows("accounts")] == [1, 2]


def test_places_in_a_file_with_several_kinds_of_line_end_are_those_of_the_file(
    landing: Path, write: Write, rows: Rows
) -> None:
    content = b'\xef\xbb\xbfplatform,handle,"bi\no"\r\nx,ana,"a\nb\r\nc"\r\nx,bo\nx,cy,\xff\rx,di,e\r\n'
    data = write("a.csv", content.replace(b'"bi\no"', b'"bio\n"'))
    assert counts(import_files(landing, [data])) == [(4, 2, 0, 2)]
    assert [row["bio"] for row in rows("accounts")] == ["a\nb\r\nc", "e"]
    short, bad = rows("rejects")
    assert (short["byte_position"], short["line"]) == (content.index(b"x,bo"), 6)
    assert (bad["byte_position"], bad["line"], bad["raw_text"]) == (content.index(b"x,cy"), 7, "x,cy,\\xff")


def test_a_quotation_mark_never_closed_costs_its_line_and_no_more(landing: Path, write: Write, rows: Rows) -> None:
    data = write("a.csv", 'platform,handle\nx,ana\nx,"bo\nx,cy\nx,di\n')
    assert counts(import_files(landing, [data])) == [(4, 3, 0, 1)]
    (reject,) = rows("rejects")
    assert (reject["line"], reject["raw_text"]) == (3, 'x,"bo')
    assert reject["reason"] == "a quotation mark that is not closed"
    assert [(row["_row"], row["handle"]) for row in rows("accounts")] == [(1, "ana"), (2, "cy"), (3, "di")]


def test_a_quotation_mark_never_closed_in_a_large_file(landing: Path, write: Write, rows: Rows) -> None:
    """DuckDB alone drops everything up to its next buffer, without a reject."""
    handles = "".join(f"x,user{number}\n" for number in range(2_600_000))
    data = write("a.csv", 'platform,handle\nx,ana\nx,"open\n' + handles)
    assert counts(import_files(landing, [data])) == [(2_600_002, 2_600_001, 0, 1)]
    assert [row["raw_text"] for row in rows("rejects")] == ['x,"open']


def test_a_cell_closed_far_from_its_line_swallows_nothing(landing: Path, write: Write, rows: Rows) -> None:
    handles = "".join(f"x,user{number}\n" for number in range(300_000))
    data = write("a.csv", 'platform,handle\nx,ana\nx,"open\n' + handles + 'x,closed"\nx,bo\n')
    assert counts(import_files(landing, [data])) == [(300_004, 300_003, 0, 1)]
    assert [row["raw_text"] for row in rows("rejects")] == ['x,"open']


def test_bytes_that_are_not_utf8_are_kept(landing: Path, write: Write, rows: Rows) -> None:
    said: list[str] = []
    data = write("a.csv", b'platform,handle\nx,ana\nx,"caf\xe9\n\xffx"\nx,bo\n')
    assert counts(import_files(landing, [data], say=said.append)) == [(3, 2, 0, 1)]
    (reject,) = rows("rejects")
    assert reject["raw_text"] == 'x,"caf\\xe9\n\\xffx"'
    assert (reject["line"], reject["reason"]) == (3, "bytes that are not UTF-8")
    assert any("1 of them not UTF-8" in line for line in said)


def test_a_file_mostly_in_another_encoding_is_refused(landing: Path, write: Write) -> None:
    data = write("a.csv", "platform,handle\nx,é\nx,è\nx,a\n".encode("cp1252"))
    with pytest.raises(InputFileError, match="2 of 3 records that are not; remedy: declare the file's encoding"):
        import_files(landing, [data])
    assert not landing.exists()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig", "shift_jis"])
def test_a_declared_encoding_is_read(landing: Path, write: Write, rows: Rows, encoding: str) -> None:
    name = "日本" if encoding == "shift_jis" else "café"
    mapping = write(
        "m.yml",
        f"""
name: m
title: m
variants:
  - name: m
    headers: [User, Bio]
    encoding: {encoding}
    tables: {{accounts: {{constants: {{platform: x}}, columns: {{handle: User, bio: Bio}}}}}}
""",
    )
    data = write("a.csv", f'User,Bio\r\n{name},"a\nb"\r\nbo\r\n'.encode(encoding))
    assert counts(import_files(landing, [data], mapping=str(mapping))) == [(2, 1, 0, 1)]
    (row,) = rows("accounts")
    assert (row["handle"], row["bio"]) == (name, "a\nb")
    (reject,) = rows("rejects")
    # A place in bytes is that of the file; where characters have different numbers of bytes, there is none to tell.
    assert (reject["line"], reject["raw_text"]) == (4, "bo")
    if encoding == "shift_jis":
        assert reject["byte_position"] is None
    else:
        bare = "utf-16-le" if encoding == "utf-16" else "utf-8" if encoding == "utf-8-sig" else encoding
        assert data.read_bytes()[reject["byte_position"] :] == "bo\r\n".encode(bare)


def test_a_wrong_declared_encoding_is_told(landing: Path, write: Write) -> None:
    mapping = write("m.yml", MAPPING.replace("ignore:", "encoding: ascii\n    ignore:").replace("ascii", "euc_jp"))
    data = write("a.csv", b"No,User,Fans,Fans,City\n1,\xff\xff,1,1,x\n")
    with pytest.raises(InputFileError, match="text in euc_jp, as lists is read, in .*; got 1 of 1 records"):
        import_files(landing, [data], mapping=str(mapping))


def test_a_record_too_long_for_the_parser_is_kept(landing: Path, write: Write, rows: Rows) -> None:
    long = "x," + "o" * 2_500_000
    assert counts(import_files(landing, [write("a.csv", f"platform,handle\nx,ana\n{long}\nx,bo\n")])) == [(3, 2, 0, 1)]
    (reject,) = rows("rejects")
    assert reject["reason"] == "a record longer than 2,000,000 bytes"
    assert reject["raw_text"] == long


def test_many_rejects_are_all_kept_in_order(landing: Path, write: Write, rows: Rows) -> None:
    lines = [f"x,u{i}" if i % 3 else f"x,u{i},extra" for i in range(30_000)]
    result = import_files(landing, [write("a.csv", "\n".join(["platform,handle", *lines]))])
    assert counts(result) == [(30_000, 20_000, 0, 10_000)]
    rejects = rows("rejects")
    assert [row["raw_text"] for row in rejects] == lines[::3]
    assert [row["line"] for row in rejects] == list(range(2, 30_002, 3))


# --- one file twice --------------------------------------------------------------------------------------------------


def test_the_same_file_again_lands_nothing(landing: Path, write: Write, snapshot: Callable[[], Any]) -> None:
    said: list[str] = []
    data = write("a.csv", ACCOUNTS + "x,cy\n")
    assert counts(import_files(landing, [data])) == [(3, 2, 0, 1)]
    before = snapshot()
    copy = write("renamed.csv", data.read_bytes())
    result = import_files(landing, [copy], say=said.append)
    assert result.batch_id is None
    assert result.outcomes == (Outcome("renamed.csv", "accounts", "landing_columns", 3, 0, 3, 0),)
    assert snapshot() == before
    (remark,) = [line for line in said if "already imported" in line]
    assert "as landing_columns" in remark
    assert "--replace" in remark
    assert "another one now" not in remark


def test_the_same_content_twice_in_one_call_lands_once(landing: Path, write: Write, rows: Rows) -> None:
    paths = [write("a.csv", ACCOUNTS), write("b.csv", ACCOUNTS)]
    assert counts(import_files(landing, paths)) == [(2, 2, 0, 0), (2, 0, 2, 0)]
    assert len(rows("accounts")) == 2
    assert len(rows("imports")) == 1


def test_a_known_file_stays_a_duplicate_without_its_mapping(landing: Path, write: Write) -> None:
    data = write("list.csv", "No,User,Fans,Fans,City\n1,ana,1,1,\n")
    import_files(landing, [data], mapping=str(write("lists.yml", MAPPING)))
    assert counts(import_files(landing, [data])) == [(1, 0, 1, 0)]
    with pytest.raises(MappingError):
        import_files(landing, [data], again=True)


def test_replace_lands_the_file_anew_and_leaves_the_others(landing: Path, write: Write, rows: Rows) -> None:
    mapping = write("lists.yml", MAPPING)
    data = write("list.csv", "No,User,Fans,Fans,City\n1,ana,1,1,\n2,bo\n")
    other = write("other.csv", "No,User,Fans,Fans,City\n1,cy,3,3,\n9,di\n")
    import_files(landing, [data, other], mapping=str(mapping))
    better = write("better.yml", MAPPING.replace("handle: User", "handle: User\n          bio: City"))

    said: list[str] = []
    import_files(landing, [data], mapping=str(better), say=said.append)
    assert any("mapping or options differ now (--replace" in line for line in said)

    result = import_files(landing, [data], mapping=str(better), again=True, say=said.append)
    assert counts(result) == [(2, 1, 0, 1)]
    assert any("replaces its import of" in line for line in said)
    assert sorted((row["handle"], row["extra"]) for row in rows("accounts")) == [
        ("ana", '{"Fans (2)":"1"}'),
        ("cy", '{"Fans (2)":"3","City":null}'),
    ]
    assert sorted(row["raw_text"] for row in rows("rejects")) == ["2,bo", "9,di"]
    assert sorted(entry.file for entry in read_ledger(landing)) == ["list.csv", "other.csv"]
    assert check_landing(landing)


def test_replace_of_a_new_file_is_an_import(landing: Path, write: Write) -> None:
    assert counts(import_files(landing, [write("a.csv", ACCOUNTS)], again=True)) == [(2, 2, 0, 0)]


def test_a_new_file_beside_a_known_one_lands(landing: Path, write: Write, rows: Rows) -> None:
    first, second = write("a.csv", ACCOUNTS), write("b.csv", ACCOUNTS.replace("ana", "cy"))
    import_files(landing, [first])
    result = import_files(landing, [first, second])
    assert counts(result) == [(2, 0, 2, 0), (2, 2, 0, 0)]
    assert [row["handle"] for row in rows("accounts")] == ["ana", "bo", "cy", "bo"]


# --- bad input leaves landing as it was ------------------------------------------------------------------------------

BAD: dict[str, tuple[bytes | None, dict[str, Any], type[TribuError]]] = {
    "missing": (None, {}, InputFileError),
    "empty": (b"", {}, InputFileError),
    "binary": (b"a,b\n\0\0", {}, InputFileError),
    "gzip": (b"\x1f\x8b\x08", {}, InputFileError),
    "no mapping fits": (b"colour,size\n1,2\n", {}, MappingError),
    "the named mapping does not fit": (ACCOUNTS.encode(), {"mapping": "kim_instagram"}, MappingError),
    "unknown mapping": (ACCOUNTS.encode(), {"mapping": "kim"}, MappingError),
    "no platform": (b"handle\nana\n", {}, MappingError),
    "another encoding": ("platform,handle\nx,é\n".encode("cp1252"), {}, InputFileError),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("landed_before", [True, False])
def test_bad_input_changes_nothing(
    landing: Path, write: Write, snapshot: Callable[[], Any], case: str, landed_before: bool
) -> None:
    content, options, error = BAD[case]
    landing.parent.mkdir()
    if landed_before:
        import_files(landing, [write("before.csv", ACCOUNTS)])
    before = snapshot()
    good = write("good.csv", ACCOUNTS.replace("ana", "eve"))
    bad = write("bad.csv", content) if content is not None else landing.parent.parent / "none.csv"
    with pytest.raises(error) as caught:
        import_files(landing, [good, bad], **options)
    assert "\n" not in str(caught.value)
    assert snapshot() == before


def test_a_file_in_a_folder_that_fits_nothing_is_named(landing: Path, write: Write) -> None:
    write("many/a.csv", ACCOUNTS)
    folder = write("many/deep/odd.csv", "colour\n1\n").parent.parent
    with pytest.raises(MappingError, match="odd.csv with the headers 'colour'"):
        import_files(landing, [folder])
    assert not landing.exists()


def test_a_landing_folder_from_elsewhere_is_not_touched(
    landing: Path, write: Write, snapshot: Callable[[], Any]
) -> None:
    landing.mkdir(parents=True)
    (landing / "theirs.csv").write_text("x")
    before = snapshot()
    with pytest.raises(LandingError, match="from elsewhere.*theirs.csv"):
        import_files(landing, [write("a.csv", ACCOUNTS)])
    assert snapshot() == before


def test_a_failure_while_writing_leaves_nothing(
    landing: Path, write: Write, snapshot: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(landing, [write("a.csv", ACCOUNTS)])
    before = snapshot()

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tribu.landing.bookkeeping.pq.write_table", fail)
    with pytest.raises(OSError, match="No space left"):
        import_files(landing, [write("b.csv", ACCOUNTS.replace("ana", "cy"))])
    assert snapshot() == before


def test_counts_that_do_not_add_up_are_a_fault() -> None:
    with pytest.raises(RuntimeError, match="unaccounted"):
        Outcome("a.csv", "accounts", "m", 3, 1, 1, 0)


# --- odd files -------------------------------------------------------------------------------------------------------


def test_a_header_and_no_record(landing: Path, write: Write, rows: Rows) -> None:
    assert counts(import_files(landing, [write("a.csv", "platform,handle")])) == [(0, 0, 0, 0)]
    assert len(rows("imports")) == 1


def test_names_that_look_like_patterns_are_names(landing: Path, write: Write, rows: Rows) -> None:
    paths = [write(f"country=BR/it's [1] *{i}?.csv", ACCOUNTS.replace("ana", f"ana{i}")) for i in range(2)]
    import_files(landing, paths)
    assert {row["_file"] for row in rows("accounts")} == {"it's [1] *0?.csv", "it's [1] *1?.csv"}
    assert len(rows("accounts")) == 4


def test_a_landing_folder_may_have_any_name(tmp_path: Path, write: Write) -> None:
    landing = tmp_path / "it's [a] *strange name" / "country=BR"
    paths = [write("a.csv", ACCOUNTS), write("b.csv", ACCOUNTS.replace("ana", "cy"))]
    import_files(landing, paths)
    assert counts(import_files(landing, paths[:1], again=True)) == [(2, 2, 0, 0)]
    assert sorted(entry.file for entry in read_ledger(landing)) == ["a.csv", "b.csv"]


def test_values_that_look_like_sql_or_json_are_values(landing: Path, write: Write, rows: Rows) -> None:
    hostile = '\'; drop table files; -- {"a": [1]} <script> \\ \\n $1 ?'
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([["No", "User", "Fans", "Fans", "City"], ["1", hostile, "1", "2", hostile]])
    mapping = write("m.yml", MAPPING.replace("platform: x", f"platform: {json.dumps(hostile)}"))
    import_files(landing, [write("a.csv", text.getvalue())], mapping=str(mapping))
    (row,) = rows("accounts")
    assert (row["handle"], row["platform"], json.loads(row["extra"])["City"]) == (hostile,) * 3


def test_files_of_several_kinds_in_one_call(landing: Path, write: Write, rows: Rows) -> None:
    paths = [
        write(f"{number}.csv", ACCOUNTS.replace(",", mark).replace("\n", end).replace("ana", f"a{number}"))
        for number, (mark, end) in enumerate(
            [(",", "\n"), (";", "\r\n"), ("\t", "\r"), (",", "\r\n"), (",", "\n"), (";", "\n")]
        )
    ]
    result = import_files(landing, paths)
    assert counts(result) == [(2, 2, 0, 0)] * 6
    assert sorted((row["_file"], row["_row"], row["handle"]) for row in rows("accounts")) == sorted(
        (f"{number}.csv", place, handle) for number in range(6) for place, handle in ((1, f"a{number}"), (2, "bo"))
    )


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8) | st.text(
    st.sampled_from("\",;\t\r\n '#\\é"), max_size=5
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from([",", ";", "\t"]),
    mixed=st.booleans(),
)
def test_cells_come_out_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[tuple[str, str, str]],
    end: str,
    mark: str,
    mixed: bool,
) -> None:
    folder = tmp_path_factory.mktemp("cells")
    text = io.StringIO()
    text.write(mark.join(["handle", "bio", "category"]) + end)
    for number, record in enumerate(records):
        line_end = ["\n", "\r\n", "\r"][number % 3] if mixed else end
        csv.writer(text, delimiter=mark, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerow(record)
    path = folder / "cells.csv"
    path.write_bytes(text.getvalue().encode())
    result = import_files(folder / "landing", [path], platform="x")
    table = pq.ParquetFile(folder / "landing" / "accounts" / f"{result.batch_id}.parquet").read()
    landed = [tuple(row[name] for name in ("handle", "bio", "category")) for row in table.to_pylist()]
    assert landed == [tuple(cell or None for cell in record) for record in dict.fromkeys(records)]
    assert counts(result) == [(len(records), len(landed), len(records) - len(landed), 0)]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.sampled_from(["x,ana", "x,bo,1", "x", '"x",cy', 'x,"a""b"', "x,\xe9", "", ",", 'x,"di"e', " ,eve"]),
        max_size=12,
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_every_line_of_a_broken_file_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    path = folder / "broken.csv"
    path.write_bytes(end.join(["platform,handle", *lines, ""]).encode("latin-1"))
    bad = sum("\xe9" in line for line in lines)
    records = [line for line in lines if line]
    if bad * 2 > len(records):
        with pytest.raises(InputFileError):
            import_files(folder / "landing", [path])
        return
    (read, landed, duplicate, rejected) = counts(import_files(folder / "landing", [path]))[0]
    broken = [line for line in records if line in ("x,bo,1", "x", "x,\xe9", 'x,"di"e')]
    assert (read, rejected) == (len(records), len(broken))
    assert landed == len({line for line in records if line not in broken})
    assert duplicate == read - landed - rejected


def test_landing_columns_cover_both_tables() -> None:
    # The columns that a file without a mapping may have are those of the contract, no more.
    assert {"post_id", "url"} <= set(TABLE_COLUMNS["posts"])
    assert not {"post_id", "url"} & set(TABLE_COLUMNS["accounts"])


KEYED = """
name: fakes
title: Lists without handles
variants:
  - name: fakes
    headers: [Name, Fans]
    tables:
      accounts:
        constants: {platform: x}
        row_key: fakes
        columns: {followers: Fans, display_name: {header: Name, pattern: "[(]([a-z]+)[)]"}}
"""


def test_a_row_key_tells_records_and_files_apart(landing: Path, write: Write, rows: Rows) -> None:
    mapping = write("fakes.yml", KEYED)
    first, second = write("a.csv", "Name,Fans\nA (ana),5\nB,6\nB,6\n"), write("b.csv", "Name,Fans\nC (cy),7\n")
    result = import_files(landing, [first, second], mapping=str(mapping))
    assert counts(result) == [(3, 2, 1, 0), (1, 1, 0, 0)]
    found = rows("accounts")
    assert [row["account_id"] for row in found] == [f"fakes-{row['_file_sha256'][:12]}-{row['_row']}" for row in found]
    assert len({row["account_id"] for row in found}) == 3
    # A part of a cell is taken where the pattern finds one; the cell stays whole beside it.
    assert [row["display_name"] for row in found] == ["ana", None, "cy"]
    assert [json.loads(row["extra"])["Name"] for row in found] == ["A (ana)", "B", "C (cy)"]
    import_files(landing, [first], mapping=str(mapping), again=True)
    assert {row["account_id"] for row in rows("accounts")} == {row["account_id"] for row in found}


def test_long_statements_say_how_far_they_are(landing: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LOOK_AGAIN", 0.002)
    lines = "".join(f"x,user_{number},{number}\n" for number in range(200_000))
    steps: list[tuple[str, int, int]] = []
    import_files(
        landing,
        [write("a.csv", "platform,handle,followers\n" + lines)],
        progress=lambda step, done, total: steps.append((step, done, total)),
    )
    for step in ("reading records", "looking for duplicates", "writing accounts"):
        assert (step, 0, 0) in steps
    shares = [done for _, done, total in steps if total == 100]
    assert shares
    assert all(0 < share <= 100 for share in shares)


def test_the_parser_takes_no_more_memory_than_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def limit() -> int:
        (folder := tmp_path / str(len(list(tmp_path.iterdir())))).mkdir()
        held = reading.Reading(folder)
        (text,) = held._connection.execute("select current_setting('memory_limit')").fetchone() or ("",)
        held.close()
        number, unit = str(text).split()
        return int(float(number) * 1024 ** ("bytes", "KiB", "MiB", "GiB").index(unit))

    assert abs(limit() - 2_000_000_000) < 100_000_000
    monkeypatch.setattr(reading.os, "sysconf", lambda name: 1_000 if name == "SC_PAGE_SIZE" else 1_000_000)
    assert abs(limit() - 500_000_000) < 1_000_000
