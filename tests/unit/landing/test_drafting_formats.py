"""Drafts and checks of files that are no text, or not by themselves: they see what an import would land."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.landing.invented_exports import handle, size

from tribu.errors import InputFileError, MappingError
from tribu.landing.drafting.draft import draft_mapping
from tribu.landing.drafting.sampling import evenly
from tribu.landing.drafting.text import draft_data, draft_yaml
from tribu.landing.importing import import_files
from tribu.landing.mapping_file import parse_mapping

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]

HEADERS = ["Username", "Followers", "Country", "Gender"]
TABLE = [[handle(n), size(n), ["France", "Brazil", "Spain"][n % 3], "f"] for n in range(1, 41)]
TITLE = [["Creators, as the tool exports them"], []]
CSV = "\n".join(",".join(map(str, row)) for row in [HEADERS, *TABLE]) + "\n"
OBJECTS = [dict(zip(HEADERS, row, strict=True)) for row in TABLE]


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def parquet(columns: dict[str, list[Any]]) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def archive(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, text in members.items():
            packed.writestr(f"{name}.csv", text)
    return content.getvalue()


FILES: dict[str, bytes] = {
    "instagram.xlsx": workbook(June=[*TITLE, HEADERS, *TABLE]),
    "instagram_two.xlsx": workbook(June=[HEADERS, *TABLE], Notes=[["about", "what"], ["source", "tool"]]),
    "instagram.jsonl": "".join(json.dumps(one) + "\n" for one in OBJECTS).encode(),
    "instagram.json": json.dumps({"errors": [{"code": 1}], "items": OBJECTS}).encode(),
    "instagram.parquet": parquet({header: [row[at] for row in TABLE] for at, header in enumerate(HEADERS)}),
    "instagram.csv.gz": gzip.compress(CSV.encode()),
    "instagram.zip": archive(list=CSV),
    "instagram.csv": ("\n".join([*TITLE[0], "", CSV])).replace("them", "them;").encode(),
}


def settled(text: str) -> str:
    return re.sub(r"(?m)^    unsettled:\n(      .*\n)+", "", text)


@pytest.mark.parametrize("file", FILES)
def test_a_draft_of_any_kind_of_file_imports_it(file: str, write: Write, landing: Path, rows: Rows) -> None:
    path = write(file, FILES[file])
    draft = draft_mapping(path)
    assert {one.key: one.column for one in draft.columns} == {
        "Username": "handle",
        "Followers": "followers",
        "Country": "country",
        "Gender": None,
    }
    assert (draft.platform, len(draft.sample.records), draft.sample.is_whole) == ("instagram", 40, True)
    mapping = write("settled.yml", settled(draft_yaml(draft)))
    (outcome,) = import_files(landing, [path], mapping=str(mapping)).outcomes
    assert (outcome.landed, outcome.rejected) == (40, 0)
    assert [row["handle"] for row in rows("accounts")] == [row[0] for row in TABLE]
    # The sensitive column stays out here too.
    assert {row["extra"] for row in rows("accounts")} == {None}


def test_where_the_records_are_is_part_of_the_draft(write: Write) -> None:
    drafts = {file: draft_mapping(write(file, FILES[file])) for file in FILES}
    assert {file: draft.sample.sheet for file, draft in drafts.items() if draft.sample.sheet} == {
        "instagram_two.xlsx": "June"
    }
    assert {file: draft.sample.records_at for file, draft in drafts.items() if draft.sample.records_at} == {
        "instagram.json": "items"
    }
    assert "records" in drafts["instagram.json"].unsettled
    (variant,) = parse_mapping(draft_yaml(drafts["instagram.json"]), "draft").variants
    assert (variant.records, variant.delimiter, variant.encoding) == ("items", None, None)
    assert draft_data(drafts["instagram_two.xlsx"])["others"] == ["Notes"]


def test_sheets_and_files_are_chosen_by_name(write: Write) -> None:
    book = write("instagram_two.xlsx", FILES["instagram_two.xlsx"])
    assert draft_mapping(book, "Notes").sample.headers == ("about", "what")
    packed = write("all.zip", archive(a_2026_05=CSV, b_2026_06=CSV.replace("Followers", "Fans")))
    assert draft_mapping(packed, "b_2026_06.csv").sample.headers[1] == "Fans"
    with pytest.raises(InputFileError) as caught:
        draft_mapping(book, "July")
    assert "'June', 'Notes'" in caught.value.got


def test_the_sheet_with_the_most_columns_is_drafted_unless_another_is_named(write: Write) -> None:
    """Workbooks begin with a page of notes as often as not."""
    path = write("list.xlsx", workbook(Notes=[["Export of June"], ["made by a tool"]], June=[HEADERS, *TABLE]))
    draft = draft_mapping(path)
    assert (draft.sample.sheet, draft.sample.others) == ("June", ("Notes",))
    assert draft_mapping(path, "Notes").sample.sheet == "Notes"


def test_a_mapping_for_sheets_with_equal_headers_is_for_all_of_them(write: Write, landing: Path) -> None:
    book = workbook(May=[HEADERS, *TABLE[:20]], June=[HEADERS, *TABLE[20:]])
    path = write("instagram.xlsx", book)
    draft = draft_mapping(path)
    assert draft.sample.sheet is None
    mapping = write("settled.yml", settled(draft_yaml(draft)))
    assert [one.landed for one in import_files(landing, [path], mapping=str(mapping)).outcomes] == [20, 20]


def test_a_date_in_the_name_of_one_of_several_files_is_asked_about(write: Write) -> None:
    several = archive(**{"list_2026-05": CSV, "list_2026-06": CSV.replace("f\n", "m\n")})
    assert "observed_at" in draft_mapping(write("instagram.zip", several)).unsettled
    alone = draft_mapping(write("instagram_1.zip", archive(**{"list_2026-05": CSV})))
    assert (alone.observed_at, "observed_at" in alone.unsettled) == ("2026-05-01", False)


MAPPING = """
name: lists
title: Lists
variants:
  - name: lists
    headers: [Username, Country, Followers, Gender]
    tables:
      accounts:
        constants: {platform: x}
        columns: {handle: Username, followers: COLUMN}
"""


@pytest.mark.parametrize("file", ["instagram.jsonl", "instagram.parquet", "instagram.xlsx", "instagram.zip"])
def test_values_that_speak_against_the_mapping_stop_any_kind_of_file(
    file: str, write: Write, landing: Path, rows: Rows
) -> None:
    path = write(file, FILES[file])
    text = MAPPING.replace("COLUMN", "Country")
    if not file.endswith(("jsonl", "parquet")):
        text = text.replace("Country, Followers, Gender]", "Followers, Country, Gender]")
    mapping = str(write("lists.yml", text))
    with pytest.raises(MappingError) as caught:
        import_files(landing, [path], mapping=mapping)
    assert "40 of 40 cells do not read as numbers, such as 'Brazil'" in caught.value.got
    import_files(landing, [path], mapping=mapping, accept=True, with_sensitive=True)
    # Keys of JSON and Parquet stand in another order than the mapping lists them.
    assert {json.loads(row["extra"])["Gender"] for row in rows("accounts")} == {"f"}


def test_keys_that_a_file_lacks_take_their_patterns_and_sensitive_columns_along(
    write: Write, landing: Path, rows: Rows
) -> None:
    text = """
name: keyed
title: Keyed
variants:
  - name: keyed
    headers: [Gender, Link, Fans, City]
    tables:
      accounts:
        constants: {platform: x}
        row_key: keyed
        columns: {followers: Fans, display_name: {header: Link, pattern: "/([a-z]+)$"}}
"""
    mapping = str(write("keyed.yml", text))
    lines = [[{"Fans": n, "City": "Pau"} for n in range(3)], [{"Link": f"x/{n}a", "Gender": "f"} for n in "abc"]]
    files = [
        write(f"{number}.jsonl", "".join(json.dumps(one) + "\n" for one in some)) for number, some in enumerate(lines)
    ]
    said: list[str] = []
    import_files(landing, files, mapping=mapping, say=said.append)
    assert [(row["followers"], row["display_name"]) for row in rows("accounts")] == [
        ("0", None),
        ("1", None),
        ("2", None),
        (None, "aa"),
        (None, "ba"),
        (None, "ca"),
    ]
    assert [json.loads(row["extra"]) for row in rows("accounts")][2:4] == [{"City": "Pau"}, {"Link": "x/aa"}]
    assert len({row["account_id"] for row in rows("accounts")}) == 6
    assert sum("Gender (gender)" in line for line in said) == 1


def test_handles_of_a_path_identify_records_with_empty_cells(write: Write, landing: Path) -> None:
    text = MAPPING.replace("COLUMN", "Followers").replace(
        "        columns", "        from_path: {handle: '([a-z]+)[.]csv'}\n        columns"
    )
    content = "Username,Country,Followers,Gender\n" + "".join(f",Peru,{n * 91},f\n" for n in range(30))
    (outcome,) = import_files(landing, [write("ana.csv", content)], mapping=str(write("lists.yml", text))).outcomes
    assert outcome.landed == 30


@pytest.mark.parametrize("pattern", ["(a++)", "(a)(?!b)", "(?<=x)(a)", r"(a)\1"])
@pytest.mark.parametrize("place", ["columns", "from_path"])
def test_patterns_of_cells_and_of_paths_are_what_re2_knows(pattern: str, place: str) -> None:
    text = MAPPING.replace("COLUMN", "Followers")
    if place == "columns":
        text = text.replace("handle: Username", f"handle: {{header: Username, pattern: '{pattern}'}}")
    else:
        text = text.replace("        columns", f"        from_path: {{country: '{pattern}'}}\n        columns")
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, "m.yml")
    assert place in caught.value.expected


@given(st.integers(0, 500), st.integers(1, 20).map(lambda half: 2 * half))
def test_a_sample_is_spread_evenly(count: int, limit: int) -> None:
    kept, seen = evenly(range(count), limit)
    assert seen == count
    assert len(kept) <= limit
    assert kept == list(range(count)) if count <= limit else len(kept) >= limit // 2
    assert len({after - before for before, after in pairwise(kept)}) <= 1
