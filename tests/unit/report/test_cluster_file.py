"""The CSV file of a cluster: what a spreadsheet makes of it, and what it must not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from tests.unit.report.test_site import pages

from tribu.report.cluster_file import COLUMNS, cluster_file
from tribu.report.cluster_rows import DownloadRow
from tribu.report.data import read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.tables import members_table

Tables = dict[str, pa.Table]
Render = Callable[[Tables], Path]
Build = Callable[..., Tables]
Change = Callable[..., Tables]

FRENCH = Language("fr")


@pytest.fixture
def row(tables: Tables) -> DownloadRow:
    """A member in the file of the first cluster."""
    return read_report_data(tables).downloads["c01"][0]


def cells(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without it Excel takes UTF-8 for something else"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_english_and_french_files_say_the_same(row: DownloadRow) -> None:
    row = replace(row, handle="zoé; the 1st", er_followers=0.012345678, growth_30d_ratio=-0.5, is_verified=True)
    (english,) = cells(cluster_file([row], ENGLISH))
    (french,) = cells(cluster_file([row], FRENCH), ";")
    assert tuple(english) == tuple(french) == COLUMNS
    assert english["handle"] == french["handle"] == "zoé; the 1st"
    assert (english["er_followers"], french["er_followers"]) == ("0.012345678", "0,012345678")
    assert (english["growth_30d_ratio"], french["growth_30d_ratio"]) == ("-0.5", "-0,5")
    assert english["is_verified"] == "true"
    assert {name for name in COLUMNS if english[name] != french[name]} <= {
        "er_followers", "posts_per_week", "confidence", "growth_30d_ratio",
    }  # fmt: skip


@pytest.mark.parametrize("lang", [ENGLISH, FRENCH])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝"])
def test_no_text_is_a_formula(row: DownloadRow, lang: Language, start: str) -> None:
    hostile = start + 'HYPERLINK("https://example.org?"&A1;"x")'
    text_columns = [name for name in COLUMNS if isinstance(getattr(row, name), str)]
    assert {"handle", "category", "cluster_name", "platform"} <= set(text_columns)
    changed = replace(row, **dict.fromkeys(text_columns, hostile), display_name=hostile)  # type: ignore[arg-type]
    (read,) = cells(cluster_file([changed], lang), ";" if lang is FRENCH else ",")
    for name in (*text_columns, "display_name"):
        assert read[name] == "'" + hostile


def test_separators_quotes_and_line_breaks_stay_in_their_cell(row: DownloadRow) -> None:
    text = 'a "b", c; d\r\ne'
    for lang, delimiter in ((ENGLISH, ","), (FRENCH, ";")):
        read = cells(cluster_file([replace(row, display_name=text), row], lang), delimiter)
        assert len(read) == 2
        assert read[0]["display_name"] == text


def test_what_is_not_known_is_an_empty_cell(row: DownloadRow) -> None:
    unknown = replace(row, handle=None, followers_count=None, er_followers=None, observed_at=None, is_verified=None)
    (read,) = cells(cluster_file([unknown], ENGLISH))
    assert [read[name] for name in ("handle", "followers_count", "er_followers", "observed_at", "is_verified")] == [
        ""
    ] * 5
    seen = replace(row, observed_at=datetime(2026, 6, 1, 8, 30, 5, 1234))
    assert cells(cluster_file([seen], ENGLISH))[0]["observed_at"] == "2026-06-01 08:30:05"


def test_every_cluster_has_its_file_in_every_language(render_both: Render, tables: Tables) -> None:
    site = render_both(tables)
    rows = tables["rpt_cluster_downloads"].to_pylist()
    for cluster in tables["rpt_clusters"].to_pylist():
        key = cluster["cluster_key"]
        expected = [row["influencer_key"] for row in rows if row["cluster_key"] == key]
        for folder, delimiter in (("", ","), ("fr/", ";")):
            read = cells((site / f"{folder}clusters/{key}.csv").read_bytes(), delimiter)
            assert [row["influencer_key"] for row in read] == expected
            followers = [int(row["followers_count"]) for row in read]
            assert followers == sorted(followers, reverse=True)


def test_rows_cut_from_list_and_file_are_counted(render_both: Render, build_tables: Build) -> None:
    found = pages(render_both(build_tables(influencers=700, clusters=1, members=20, downloads=50)))
    english, french = found["clusters/c01.html"], found["fr/clusters/c01.html"]
    assert "20 of the 700 members are listed; the 680 others have fewer followers." in english.text
    assert "The CSV file has the first 50; all of them are in the table marts.dim_influencers" in english.text
    assert "Download the 50 members with most followers of 700 as CSV" in english.text
    assert "50 membres sur 700" in french.text
    whole = pages(render_both(build_tables(influencers=700, clusters=1, members=20)))["clusters/c01.html"]
    assert "The CSV file has all of them." in whole.text
    assert "Download all 700 members as CSV" in whole.text
    (link,) = [a for a in whole.of("a") if "download" in a]
    assert link["href"] == "c01.csv"


def test_a_cluster_without_rows_offers_no_file(render: Render, tables: Tables) -> None:
    site = render({**tables, "rpt_cluster_downloads": tables["rpt_cluster_downloads"].slice(0, 0)})
    assert not list(site.rglob("clusters/*.csv"))
    assert not [a for a in pages(site)["clusters/c01.html"].of("a") if "download" in a]


def test_the_table_of_members_sorts_and_says_how_it_stands(render: Render, tables: Tables) -> None:
    page = pages(render(tables))["clusters/c01.html"]
    assert [table for table in page.of("table") if "data-sortable" in table]
    rows = read_report_data(tables).members_in_role("c01", "largest")
    table = members_table(rows, caption="", lang=ENGLISH, sortable=True)
    sizes = [float(row[2].sort_value or "nan") for row in table.groups[0].rows]
    assert sizes == [row.followers_count for row in rows], "tiers stand by size, not by name"
    assert [heading["aria-sort"] for heading in page.of("th") if "aria-sort" in heading] == ["descending"]
