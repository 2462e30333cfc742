"""The page on the data: what was read, left out and is known."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from tribu.report.components import Table
from tribu.report.data import read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.quality_page import build_quality_page

Tables = dict[str, pa.Table]
Build = Callable[..., Tables]
Change = Callable[..., Tables]


def texts(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.text for cell in row] for group in table.groups for row in group.rows]


def test_counts_are_those_of_the_tables(tables: Tables) -> None:
    page = build_quality_page(read_report_data(tables), ENGLISH)
    assert page.lede == (
        "379 records were read from 1 source. Each ended in exactly one place; 6.3\u00a0% of the rows that landed were "
        "set aside, with their reasons."
    )
    rows = tables["rpt_missing_values"].to_pylist()
    known = sum(row["known_influencers"] for row in rows) / sum(row["influencers"] for row in rows)
    assert [figure.value for figure in page.key_figures] == [
        "379",
        "300",
        "23",
        "4",
        f"{known:.1%}".replace("%", "\u00a0%"),
    ]
    assert texts(page.rejects) == [
        ["sample", "More or fewer cells than the header", "3"],
        ["sample", "A quotation mark out of place", "1"],
    ]
    assert texts(page.unread_values) == [["Accounts", "followers", "Not a number", "5"]]
    assert texts(page.sources)[0][-1] == "20\u00a0November 2026"
    assert {row.term: row.text for row in page.basis}["Profiles without a date"] == "60 (10.0\u00a0%)"


def test_it_says_who_is_who(tables: Tables, french: Language) -> None:
    page = build_quality_page(read_report_data(tables), ENGLISH)
    stated = {row.term: row.text for row in page.identity}
    assert stated["Counts that rose more than can be"] == "1,234"
    assert stated["Changes of handle that look likely, not applied"] == "4"
    assert stated["People with several accounts"] == "3"
    words = [row.term for row in build_quality_page(read_report_data(tables), french).identity]
    assert not set(words) & set(stated)


def test_the_share_known_stands_by_feature_and_platform(tables: Tables) -> None:
    page = build_quality_page(read_report_data(tables), ENGLISH)
    assert page.known is not None
    rows = tables["rpt_missing_values"].to_pylist()
    platforms = [
        row["platform"] for row in sorted(tables["rpt_platforms"].to_pylist(), key=lambda r: -r["influencers"])
    ]
    assert [column.label.lower() for column in page.known.columns[2:]] == platforms
    assert [group.heading for group in page.known.groups] == ["Size", "Engagement", "Rhythm", "Commercial", "Growth"]
    third = page.known.groups[1].rows[0]
    mine = {row["platform"]: row for row in rows if row["feature"] == "er_followers"}
    everyone = sum(row["known_influencers"] for row in mine.values()) / sum(row["influencers"] for row in mine.values())
    assert [cell.sort_value for cell in third[1:]] == [
        repr(everyone),
        *(repr(mine[platform]["known_influencers"] / mine[platform]["influencers"]) for platform in platforms),
    ]
    assert {cell.tone for cell in page.known.groups[0].rows[0][1:]} == {"0"}


@pytest.mark.parametrize(("known", "tone"), [(100, "0"), (91, "0"), (90, "p1"), (75, "p2"), (50, "p3"), (10, "p4")])
def test_the_more_is_missing_the_deeper_the_tone(
    build_tables: Build, change_cell: Change, known: int, tone: str
) -> None:
    tables = build_tables(influencers=100, clusters=1, platforms=1)
    tables = change_cell(tables, "rpt_missing_values", "known_influencers", known, row=2)
    page = build_quality_page(read_report_data(tables), ENGLISH)
    assert page.known is not None
    assert page.known.groups[1].rows[0][2].tone == tone


def test_what_is_not_compared_says_so(tables: Tables, change_cell: Change, french: Language) -> None:
    rows = tables["rpt_missing_values"].to_pylist()
    place = next(n for n, row in enumerate(rows) if row["feature"] == "er_views" and row["platform"] == "tiktok")
    tables = change_cell(tables, "rpt_missing_values", "is_compared", False, row=place)
    page = build_quality_page(read_report_data(tables), french)
    assert page.known is not None
    details = {
        row[0].text: [cell.detail for cell in row[1:]]
        for group in page.known.groups
        for row in group.rows
        if any(cell.detail for cell in row[1:])
    }
    # everybody is still compared by it somewhere
    assert list(details) == ["Engagement des vues"]
    assert details["Engagement des vues"][0] is None
    assert details["Engagement des vues"].count("non comparé") == 1


def test_limits_speak_of_what_there_is(build_tables: Build) -> None:
    full = build_quality_page(read_report_data(build_tables()), ENGLISH).limits
    none = build_quality_page(read_report_data(build_tables(influencers=0)), ENGLISH)
    assert any("gives no date" in limit for limit in full)
    assert any("a median, engagement from stated averages a mean" in limit for limit in full)
    assert not any("gives no date" in limit for limit in none.limits)
    assert none.known is None
    assert none.observed.startswith("No source states when it looked")
    assert none.key_figures[-1].unknown


def test_codes_of_another_version_are_shown_as_they_are(tables: Tables, change_cell: Change) -> None:
    tables = change_cell(tables, "rpt_reject_reasons", "reason", "moon:full")
    tables = change_cell(tables, "rpt_unread_values", "problem", "not_a_moon")
    page = build_quality_page(read_report_data(tables), ENGLISH)
    assert texts(page.rejects)[0][1] == "Moon:full"
    assert texts(page.unread_values)[0][2] == "Not a moon"


def test_runs_that_collected_are_told_with_what_they_lack(build_tables: Build) -> None:
    page = build_quality_page(read_report_data(build_tables()), ENGLISH)
    assert page.collections is not None
    assert [row[2] for row in texts(page.collections)] == ["incomplete", "complete"]
    assert page.collection_warning == (
        "300 of 1,200 accounts of YouTube are missing from its last run. The quota or the credits were used up."
    )


def test_nothing_is_said_of_networks_that_were_never_asked(build_tables: Build) -> None:
    tables = build_tables()
    tables = {**tables, "rpt_collection_runs": tables["rpt_collection_runs"].slice(0, 0)}
    page = build_quality_page(read_report_data(tables), ENGLISH)
    assert (page.collections, page.collection_warning) == (None, None)
