"""Signals of authenticity and what influencers sell, on the pages: figures with their places, and careful words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from tests.unit.report.conftest import SCHEMAS, Tables
from tests.unit.report.test_influencer_page import KEY, page_of, with_people

from tribu.report.cluster_page import build_cluster_page
from tribu.report.data import read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.markers import assign_markers
from tribu.report.method_page import build_method_page
from tribu.report.signal_rows import ClusterSignals
from tribu.report.signals import cluster_signals_sentence

FINDINGS = ("fake", "fraud", "cheat", "faux compte", "fraude", "tricheur")


def signal(name: str, order: int, **changes: Any) -> dict[str, Any]:
    return {
        "influencer_key": KEY,
        "signal_name": name,
        "signal_order": order,
        "value": 0.9,
        "percentile": 99.8,
        "cohort_step": "platform_tier",
        "cohort_influencers": 240,
        "part": 0.996,
        "weight": 1.0,
        "signals_known": 1,
        "signals_sum": 0.996,
        "signals_sum_most": 1.0,
    } | changes


def cluster_signals(key: str = "c01", **changes: Any) -> dict[str, Any]:
    return {
        "cluster_key": key,
        "judged_influencers": 40,
        "above_bound_influencers": 4,
        "above_bound_share_ratio": 0.1,
        "everyone_share_ratio": 0.025,
        "bound_ratio": 0.8,
        "signals_known_min": 2,
    } | changes


def commerce(**changes: Any) -> dict[str, Any]:
    return {
        "influencer_key": KEY,
        "posts_with_disclosure": 12,
        "sponsored_posts": 3,
        "sponsored_by_flag_posts": 0,
        "sponsored_by_hashtag_posts": 2,
        "sponsored_by_phrase_posts": 1,
        "paid_performance_ratio": 0.8,
        "brands": 2,
        "price_per_post": None,
        "price_currency": None,
        "price_valid_from": None,
        "cost_per_interaction": None,
        "earned_media_value": None,
        "valued_posts": None,
        "media_value_currency": None,
    } | changes


def with_rows(**rows: list[dict[str, Any]]) -> Tables:
    return {
        **with_people(),
        **{name: pa.Table.from_pylist(found, schema=SCHEMAS[name]) for name, found in rows.items()},
    }


def test_signals_stand_with_percentile_cohort_and_n_and_what_is_not_known_with_a_dash() -> None:
    unknown = dict.fromkeys(("value", "percentile", "cohort_step", "cohort_influencers", "part"))
    tables = with_rows(rpt_influencer_signals=[signal("following", 2, **unknown), signal("engagement", 1)])
    table = page_of(tables).signals
    (group,) = table.groups
    assert [[cell.text for cell in row] for row in group.rows] == [
        ["Interactions per follower", "90.0\N{NO-BREAK SPACE}%", "99", "Instagram, Micro", "240", "1.00"],
        ["Accounts followed per follower", "–", "–", "–", "–", "–"],
    ]
    assert table.note.startswith("Sum of the parts: 1.00 of at most 1.00, with 1 signal known.")


def test_without_rows_there_is_no_section() -> None:
    page = page_of(with_people())
    assert (page.signals, page.commerce) == (None, ())


def test_costs_stand_only_where_there_is_a_card() -> None:
    bare = {one.term: one.text for one in page_of(with_rows(rpt_influencer_commerce=[commerce()])).commerce}
    assert bare["Sponsored posts"] == "3 of 12 of which it is known"
    assert bare["Said by"] == "a hashtag 2, words of the caption 1"
    assert {"Price of a post", "Earned media value"}.isdisjoint(bare)
    priced = commerce(
        price_per_post=120.0,
        price_currency="EUR",
        price_valid_from=date(2026, 1, 1),
        cost_per_interaction=0.5,
        earned_media_value=7454.4,
        valued_posts=20,
        media_value_currency="EUR",
    )
    told = {one.term: one.text for one in page_of(with_rows(rpt_influencer_commerce=[priced])).commerce}
    assert told["Price of a post"].startswith("120 EUR, rate card of ")
    assert told["Price of an interaction"] == "0.50 EUR"
    assert told["Earned media value"] == "at least 7,454 EUR, by your rates, for 20 posts"


def test_a_cluster_says_how_many_beside_everyone_and_finds_nothing_about_anybody(french: Language) -> None:
    tables = with_rows(rpt_cluster_signals=[cluster_signals()])
    data = read_report_data(tables)
    markers = assign_markers(data.clusters)
    first, second = (build_cluster_page(data, position, markers, ENGLISH).signals for position in (0, 1))
    assert first is not None
    assert first.startswith("4 of 40 members of whom enough is known are worth a second look (10.0")
    assert second is None
    for lang in (ENGLISH, french):
        words = [definition.text for definition in build_method_page(data, markers, lang).signals]
        words.append(build_cluster_page(data, 0, markers, lang).signals or "")
        assert len(words) > 8
        assert not [word for word in FINDINGS if word in " ".join(words).lower()]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"judged_influencers": 0, "above_bound_influencers": 0}, None),
        ({"above_bound_influencers": 0}, "None of the 40 members"),
        ({"judged_influencers": 5, "above_bound_influencers": 1, "above_bound_share_ratio": None}, "1 of 5 members"),
    ],
)
def test_few_are_counted_and_nobody_is_said_to_be_unusual_where_nobody_is(
    changes: dict[str, Any], said: str | None
) -> None:
    told = cluster_signals_sentence(ClusterSignals(**(cluster_signals() | changes)), ENGLISH)
    if said is None:
        assert told is None
    else:
        assert told is not None
        assert told.startswith(said)
        assert "%" not in told
