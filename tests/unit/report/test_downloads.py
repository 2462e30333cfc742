"""The files that the site offers: whole, harmless, and of the size that the page says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.report.test_site import HOSTILE, pages

from tribu.report.data import read_report_data
from tribu.report.downloads import csv_bytes, download_table, language_downloads, shared_downloads
from tribu.report.formatters import format_size
from tribu.report.language import ENGLISH, Language
from tribu.untrusted import defused

Tables = dict[str, pa.Table]
Build = Callable[..., Tables]
Change = Callable[..., Tables]
Render = Callable[[Tables], Path]


def read(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_csv_opens_in_a_spreadsheet_and_nothing_in_it_runs(french: Language) -> None:
    rows = [["=1+1", 'a\nb;c,"d"', -1.5, None, True, 12], ["\t@x", "é", 0.1, "", False, -3]]
    content = csv_bytes(["a", "b", "c", "d", "e", "f"], rows)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content) == [
        ["a", "b", "c", "d", "e", "f"],
        ["'=1+1", 'a\nb;c,"d"', "-1.5", "", "true", "12"],
        ["'\t@x", "é", "0.1", "", "false", "-3"],
    ]
    assert read(csv_bytes(["a"], [[-1.5], [1234567.25]], french), ";") == [["a"], ["-1,5"], ["1234567,25"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_text_comes_back_defused_and_otherwise_whole(texts: list[str]) -> None:
    told = read(csv_bytes(["n", "text"], [[1, text] for text in texts]))[1:]
    assert told == [["1", defused(text.replace("\0", ""))] for text in texts]


def test_the_files_hold_the_rows_of_the_tables(render_both: Render, tables: Tables) -> None:
    site = render_both(tables)
    for folder, delimiter in ((site / "downloads", ","), (site / "fr" / "downloads", ";")):
        for name in ("influencers", "clusters", "prototypes"):
            table = tables[f"rpt_{name}"]
            header, *rows = read((folder / f"{name}.csv").read_bytes(), delimiter)
            assert sorted(header) == sorted(table.column_names)
            assert len(rows) == len(table)
            keys = "influencer_key" if name == "influencers" else "cluster_key"
            assert sorted(row[header.index(keys)] for row in rows) == sorted(table.column(keys).to_pylist())
        dictionary = read((folder / "data_dictionary.csv").read_bytes(), delimiter)
        assert dictionary[1] == ["clusters.csv", "1", "cluster_key", "varchar", "'-1-1. Made up."]
    assert "and platform = 'youtube'" in (site / "downloads" / "rules.sql").read_text(encoding="utf-8")
    assert sorted(path.name for path in (site / "downloads").iterdir()) == [
        "clusters.csv",
        "data_dictionary.csv",
        "influencers.csv",
        "prototypes.csv",
        "questions.sql",
        "rules.sql",
    ]


def test_the_page_links_every_file_with_its_size(render_both: Render, tables: Tables) -> None:
    site = render_both(tables)
    for name, page in pages(site).items():
        if not name.endswith("index.html"):
            continue
        offered = [a["href"] or "" for a in page.of("a") if (a["href"] or "").endswith((".csv", ".sql", "report.json"))]
        assert len(set(offered)) == 6
        for address in set(offered):
            size = ((site / name).parent / address).stat().st_size
            assert format_size(size, lang=ENGLISH).replace("\u00a0", " ").split()[0] in page.text
    french = pages(site)["fr/index.html"]
    assert "downloads/influencers.csv" in [a["href"] for a in french.of("a")]
    assert "../downloads/rules.sql" in [a["href"] for a in french.of("a")]


def test_influencers_left_out_are_counted_and_said(build_tables: Build) -> None:
    tables = build_tables(influencers=1_200)
    cut = {**tables, "rpt_influencers": tables["rpt_influencers"].slice(0, 1_000)}

    def said(tables: Tables) -> str:
        table = download_table(read_report_data(tables), {"downloads/influencers.csv": 10}, ENGLISH)
        assert table is not None
        return table.groups[0].rows[0][1].text

    assert said(tables) == "All 1,200 influencers: profile, figures and cluster."
    assert said(cut) == (
        "The 1,000 influencers with most followers of 1,200: profile, figures and cluster. Left out: 200. "
        "The command tribu export csv writes all of them."
    )
    assert len(read(language_downloads(read_report_data(cut), ENGLISH)["influencers.csv"])) == 1_001


def test_hostile_texts_do_not_run_in_a_file(tables: Tables, change_cell: Change) -> None:
    for column, value in {
        "handle": "=cmd|' /C calc'!A0",
        "display_name": HOSTILE + "\nx",
        "profile_url": "javascript:alert(1)",
    }.items():
        tables = change_cell(tables, "rpt_influencers", column, value)
    tables = change_cell(tables, "rpt_clusters", "cluster_name_en", "x\n; drop table marts.dim_clusters; --")
    tables = change_cell(tables, "rpt_clusters", "rule_sql", "followers_count > 1\n")
    data = read_report_data(tables)
    header, first, *_ = read(language_downloads(data, ENGLISH)["influencers.csv"])
    told = dict(zip(header, first, strict=True))
    assert told["handle"] == "'=cmd|' /C calc'!A0"
    assert told["display_name"] == HOSTILE + "\nx"
    assert told["profile_url"] == ""
    rules = shared_downloads(data)["rules.sql"].decode()
    assert not [line for line in rules.splitlines() if line.lstrip().startswith(("; drop", "drop"))]


def test_nobody_to_cluster_gives_no_file_but_the_figures(render: Render, build_tables: Build) -> None:
    site = render(build_tables(influencers=0))
    assert [path.name for path in (site / "downloads").iterdir()] == ["questions.sql"]
    assert "downloads/" not in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "report.json").is_file()


@pytest.mark.parametrize(
    ("size", "english", "french_text"),
    [
        (0, "0 kB", "0 ko"),
        (1, "1 kB", "1 ko"),
        (474_387, "474 kB", "474 ko"),
        (999_499, "999 kB", "999 ko"),
        (999_500, "1.0 MB", "1,0 Mo"),
        (2_345_678, "2.3 MB", "2,3 Mo"),
    ],
)
def test_sizes_of_files(size: int, english: str, french_text: str) -> None:
    assert format_size(size).replace("\u00a0", " ") == english
    assert format_size(size, lang=Language("fr")).replace("\u202f", " ") == french_text
