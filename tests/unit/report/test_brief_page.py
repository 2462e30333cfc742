"""The page of the campaign briefs: what it says of a brief that finds somebody, nobody, or more than can be paid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.unit.report.conftest import ASSETS, SCHEMAS, TEMPLATES, Tables, make_tables

from tribu.report.brief_page import BriefSection, briefs_table, build_brief_page
from tribu.report.data import read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.markers import assign_markers
from tribu.report.site import render_site


def brief(**changes: Any) -> dict[str, Any]:
    return {
        "brief_id": "one",
        "brief_order": 1,
        "title": "Winter shoes",
        "followers_min": 5_000.0,
        "followers_max": None,
        "er_followers_min": 0.01,
        "er_followers_max": 0.2,
        "sponsored_ratio_max": None,
        "posts": None,
        "budget": None,
        "currency": None,
        "influencers": 300,
        "matches": 2,
        "affordable_matches": 0,
    } | changes


def value(criterion: str, **changes: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("code", "term", "influencer_key", "platform", "handle"))
    return {"brief_id": "one", "criterion": criterion} | nothing | changes


def match(rank: int, **changes: Any) -> dict[str, Any]:
    return {
        "brief_id": "one",
        "rank": rank,
        "influencer_key": f"key_{rank:05d}",
        "platform": "instagram",
        "handle": f"sample_{rank:04d}",
        "display_name": None,
        "profile_url": None,
        "country": "FR",
        "category": "food",
        "tier": "micro",
        "cluster_key": "c01",
        "followers_count": 12_345,
        "er_followers": 0.034,
        "posts_per_week": 2.0,
        "sponsored_ratio": 0.1,
        "score": 0.8 - rank / 10,
        "engagement_part": 0.9,
        "activity_part": None,
        "availability_part": 0.9,
        "keywords_part": None,
        "similarity_part": None,
        "reasons_for": "engagement;availability",
        "reasons_against": "activity_unknown;borderline",
        "cost": None,
        "cumulative_cost": None,
        "is_within_budget": False,
    } | changes


CRITERION = {"brief_id": "one", "criterion_order": 7, "criterion": "followers", "unmet": 250, "not_known": 9, "only_this": 4}  # fmt: skip


def with_briefs(
    briefs: list[dict[str, Any]],
    values: list[dict[str, Any]] | None = None,
    matches: list[dict[str, Any]] | None = None,
) -> Tables:
    def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
        return pa.Table.from_pylist(rows, schema=SCHEMAS[name])

    return make_tables() | {
        "rpt_briefs": table("rpt_briefs", briefs),
        "rpt_brief_values": table("rpt_brief_values", values or []),
        "rpt_brief_criteria": table("rpt_brief_criteria", [CRITERION]),
        "rpt_brief_matches": table("rpt_brief_matches", [match(1), match(2)] if matches is None else matches),
    }


def section(tables: Tables, lang: Language = ENGLISH) -> BriefSection:
    data = read_report_data(tables)
    (only,) = build_brief_page(data, assign_markers(data.clusters), lang).sections
    return only


def test_a_brief_says_what_it_asks_for_in_words() -> None:
    values = [
        value("platform", code="tiktok"),
        value("platform", code="instagram"),
        value("country", code="FR"),
        value("language", code="de"),
        value("category", code="food"),
        value("keyword", term="vegan"),
        value("cluster", code="c02"),
        value("similar_to", influencer_key="key_00009", platform="x", handle="somebody"),
    ]
    asked = {one.term: one.text for one in section(with_briefs([brief()], values)).asked}
    assert asked["Platform"] == "Instagram, TikTok"
    assert (asked["Country"], asked["Language"], asked["Keywords"]) == ("France", "German", "vegan")
    assert asked["Followers"] == "at least 5,000"
    assert asked["Engagement"] == "1.0\u00a0% to 20.0\u00a0%"
    assert asked["More like these"] == "@somebody"
    assert "Tier" not in asked


def test_reasons_are_words_and_not_codes(french: Language) -> None:
    for lang, reasons in (
        (ENGLISH, ("high engagement, few ads", "rhythm not known, between two clusters")),
        (french, ("fort engagement, peu de publicités", "rythme inconnu, entre deux segments")),
    ):
        matches = section(with_briefs([brief()]), lang).matches
        assert matches is not None
        (group,) = matches.groups
        assert tuple(cell.text for cell in group.rows[0][-2:]) == reasons


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "2 of 300 influencers fit."),
        ({"matches": 1}, "1 of 300 influencers fits."),
        (
            {"budget": 900.0, "affordable_matches": 2},
            "2 of 300 influencers fit. The budget pays for 2 of them, the best.",
        ),
        (
            {"budget": 900.0, "affordable_matches": 1},
            "2 of 300 influencers fit. The budget pays for 1 of them, the best.",
        ),
        ({"budget": 900.0}, "2 of 300 influencers fit. The budget pays for none of them."),
    ],
)
def test_counts_and_budget_are_told(changes: dict[str, Any], said: str) -> None:
    assert section(with_briefs([brief(**changes)])).lede == said


def test_costs_have_a_column_only_where_there_is_a_rate() -> None:
    priced = [match(1, cost=250.0, cumulative_cost=250.0, is_within_budget=True)]
    tables = with_briefs([brief(budget=900.0, currency="EUR", affordable_matches=1)], matches=priced)
    found = section(tables)
    assert found.matches is not None
    assert [column.label for column in found.matches.columns].count("Cost") == 1
    assert ("Budget", "900\u00a0EUR") in {(one.term, one.text) for one in found.asked}
    plain = section(with_briefs([brief()])).matches
    assert plain is not None
    assert "Cost" not in [column.label for column in plain.columns]


def test_a_brief_that_nobody_answers_has_no_list_and_no_file(tmp_path: Path) -> None:
    tables = with_briefs([brief(matches=0)], matches=[])
    found = section(tables)
    assert (found.matches, found.download) == (None, None)
    assert found.lede.startswith("Nobody of 300 influencers fits.")
    site = render_site(tables, templates=TEMPLATES, assets=ASSETS, out_dir=tmp_path / "site").parent
    assert "Nobody of 300" in (site / "briefs.html").read_text(encoding="utf-8")
    assert not (site / "briefs").exists()


def test_without_briefs_there_is_no_page_and_no_link(tmp_path: Path) -> None:
    tables = with_briefs([], matches=[])
    assert briefs_table(read_report_data(tables), ENGLISH) is None
    site = render_site(tables, templates=TEMPLATES, assets=ASSETS, out_dir=tmp_path / "site").parent
    assert not (site / "briefs.html").exists()
    assert "briefs.html" not in (site / "index.html").read_text(encoding="utf-8")


def test_foreign_text_stays_text_and_the_numbers_are_in_the_json(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    tables = with_briefs([brief(title=hostile)], [value("keyword", term=hostile)], [match(1, handle=hostile)])
    site = render_site(tables, templates=TEMPLATES, assets=ASSETS, out_dir=tmp_path / "site").parent
    page = (site / "briefs.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    (told,) = json.loads((site / "report.json").read_text(encoding="utf-8"))["briefs"]
    assert [(row["rank"], row["score"]) for row in told["matches"]] == [(1, pytest.approx(0.7))]
    assert (site / "briefs" / "1.csv").read_text(encoding="utf-8-sig").splitlines()[0].startswith("rank,influencer_key")
