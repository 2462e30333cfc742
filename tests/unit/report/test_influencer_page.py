"""Pages of single influencers: who has one, what it says, and where it is linked from."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.unit.report.conftest import ASSETS, SCHEMAS, TEMPLATES, Tables, make_tables

from tribu.errors import ModelInputError
from tribu.report.data import read_report_data
from tribu.report.influencer_page import build_influencer_page, influencer_href, people_table
from tribu.report.language import ENGLISH
from tribu.report.markers import assign_markers
from tribu.report.site import render_site

KEY, OTHER = "key_00000", "key_00001"


def person(**changes: Any) -> dict[str, Any]:
    return {
        "influencer_key": KEY,
        "platform": "instagram",
        "account_id": "4711",
        "handle": "sample_0000",
        "display_name": "Sample influencer 0",
        "profile_url": "https://example.org/0",
        "country": "FR",
        "category": "food",
        "tier": "micro",
        "cluster_key": "c01",
        "runner_up_cluster_key": "c02",
        "engagement_basis": "posts",
        "observed_at": datetime(2026, 11, 20, 9, 30),
        "followers_count": 12_345,
        "followers_change_count": None,
        "followers_change_since": None,
        "known_posts_count": 31,
        "window_posts_count": 12,
        "confidence": 0.42,
        "lookalikes_are_exact": True,
    } | changes


def metric(feature: str, value: float | None, order: int, **changes: Any) -> dict[str, Any]:
    known = value is not None
    return {
        "influencer_key": KEY,
        "feature": feature,
        "feature_label_en": feature.replace("_", " ").capitalize(),
        "feature_label_fr": feature,
        "block": "size",
        "feature_order": order,
        "unit": "count",
        "value": value,
        "percentile": 62.0 if known else None,
        "cohort_step": "platform_tier" if known else None,
        "cohort_influencers": 240 if known else None,
        "cohort_median": 9_000.0 if known else None,
        "is_imputed": not known,
    } | changes


def lookalike(rank: int, key: str, **changes: Any) -> dict[str, Any]:
    return {
        "influencer_key": KEY,
        "rank": rank,
        "lookalike_key": key,
        "platform": "instagram",
        "handle": f"sample_{key[-4:]}",
        "display_name": None,
        "profile_url": f"https://example.org/{key}",
        "tier": "micro",
        "cluster_key": "c02",
        "followers_count": 13_000,
        "er_followers": 0.031,
        "alike_1_feature": "followers_count",
        "alike_2_feature": "content",
        "alike_3_feature": None,
        "apart_feature": "posts_count",
        "distance": 0.5 * rank,
        "shared_features": 9,
    } | changes


def with_people(
    *,
    persons: list[dict[str, Any]] | None = None,
    metrics: list[dict[str, Any]] | None = None,
    lookalikes: list[dict[str, Any]] | None = None,
) -> Tables:
    rows = {
        "rpt_influencer_pages": [person()] if persons is None else persons,
        "rpt_influencer_metrics": [metric("followers_count", 12_345.0, 1), metric("posts_count", None, 3)]
        if metrics is None
        else metrics,
        "rpt_influencer_lookalikes": [lookalike(2, "key_00002"), lookalike(1, OTHER)]
        if lookalikes is None
        else lookalikes,
    }
    return {**make_tables(), **{name: pa.Table.from_pylist(rows[name], schema=SCHEMAS[name]) for name in rows}}


def page_of(tables: Tables) -> Any:
    data = read_report_data(tables)
    return build_influencer_page(data, data.people.persons[0], assign_markers(data.clusters), ENGLISH)


@pytest.mark.parametrize(
    ("now", "change", "text"),
    [(1_100, 100, "+100 (10.0 %)"), (900, -100, "−100 (10.0 %)"), (5, 0, "0"), (9, 9, "+9"), (None, 3, "+3")],
)
def test_what_was_won_or_lost_since_the_day_before_is_told(now: int | None, change: int, text: str) -> None:
    known = person(followers_count=now, followers_change_count=change, followers_change_since=date(2026, 11, 18))
    (fact,) = (fact for fact in page_of(with_people(persons=[known])).facts if fact.term.startswith("Followers since"))
    assert fact.term.replace("\u00a0", " ") == "Followers since 18 November 2026"
    assert fact.text.replace("\u00a0", " ") == text


def test_who_was_seen_on_one_day_only_has_no_change() -> None:
    assert not [fact for fact in page_of(with_people()).facts if fact.term.startswith("Followers since")]


def test_a_figure_stands_beside_its_cohort() -> None:
    page = page_of(with_people())
    (group,) = page.metrics.groups
    ((label, value, percentile, median, cohort, count),) = group.rows
    assert [cell.text for cell in (label, value, percentile, median, cohort, count)] == [
        "Followers count",
        "12.3k",
        "62",
        "9.0k",
        "Instagram, Micro",
        "240",
    ]
    assert (percentile.bar.length, percentile.bar.tick) == ("62.00", "50.00")
    assert page.key_figures[0].note == "more than 62.0\u00a0% of 240 comparable"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("platform_tier_category", "Instagram, Micro, Food"),
        ("platform_tier", "Instagram, Micro"),
        ("platform", "Instagram"),
        ("everybody", "Everyone"),
    ],
)
def test_the_cohort_is_named_as_far_as_it_was_widened(step: str, said: str) -> None:
    page = page_of(with_people(metrics=[metric("followers_count", 5.0, 1, cohort_step=step)]))
    assert page.metrics.groups[0].rows[0][4].text == said


@pytest.mark.parametrize(("percentile", "said"), [(99.96, "99"), (0.04, "1"), (50.0, "50")])
def test_a_percentile_is_never_0_or_100(percentile: float, said: str) -> None:
    page = page_of(with_people(metrics=[metric("followers_count", 5.0, 1, percentile=percentile)]))
    assert page.metrics.groups[0].rows[0][2].text == said


def test_what_is_unknown_is_said_and_whether_it_counted() -> None:
    metrics = [metric("posts_count", None, 1), metric("er_views", None, 2, is_imputed=False)]
    imputed, unseen = page_of(with_people(metrics=metrics)).missing
    assert imputed.endswith("when the cluster was chosen: Posts count.")
    assert unseen.endswith("of no weight for the cluster: Er views.")
    assert page_of(with_people(metrics=[metric("a", 1.0, 1)])).missing == ("Nothing: every figure is known.",)


def test_lookalikes_come_nearest_first_with_their_reasons() -> None:
    table = page_of(with_people()).lookalikes
    first, second = table.groups[0].rows
    assert (first[0].text, second[0].text) == ("@sample_0001", "@sample_0002")
    assert first[4].text == "Followers count, Content"
    assert first[5].text == "Posts count"
    assert (first[0].href, first[0].outside) == ("https://example.org/key_00001", True)
    assert page_of(with_people(lookalikes=[])).lookalikes is None


def test_a_lookalike_with_a_page_is_linked_to_it_and_an_approximation_is_said() -> None:
    page = page_of(
        with_people(
            persons=[person(lookalikes_are_exact=False), person(influencer_key=OTHER, handle="b", followers_count=1)]
        )
    )
    first, second = page.lookalikes.groups[0].rows
    assert (first[0].href, first[0].outside) == (f"{OTHER}.html", False)
    assert second[0].outside
    assert "a few nearer ones may be missing" in page.lookalikes.note
    assert "may be missing" not in page_of(with_people()).lookalikes.note


def test_a_script_for_a_link_is_no_link() -> None:
    page = page_of(with_people(persons=[person(profile_url="javascript:alert(1)")]))
    assert all(fact.href is None for fact in page.facts)


def test_pages_are_written_in_every_language_and_linked_from_overview_and_members(tmp_path: Path) -> None:
    tables = with_people()
    member = tables["rpt_cluster_members"].to_pylist()[0]["influencer_key"]
    tables |= with_people(persons=[person(influencer_key=member)], metrics=[], lookalikes=[])
    index = render_site(tables, templates=TEMPLATES, assets=ASSETS, out_dir=tmp_path / "site")
    page = (index.parent / influencer_href(member)).read_text(encoding="utf-8")
    assert "<bdi>@sample_0000</bdi>" in page
    assert f'href="influencers/{member}.html"' in index.read_text(encoding="utf-8")
    assert any(
        f'href="../influencers/{member}.html"' in path.read_text(encoding="utf-8")
        for path in (index.parent / "clusters").glob("*.html")
    )
    report = json.loads((index.parent / "report.json").read_text(encoding="utf-8"))
    (entry,) = report["influencer_pages"]
    assert entry["influencer_key"] == member
    assert "handle" not in entry


def test_nobody_has_a_page_unless_asked() -> None:
    data = read_report_data(make_tables())
    assert data.people.persons == ()
    assert people_table(data, assign_markers(data.clusters), ENGLISH) is None


def test_one_influencer_has_one_page() -> None:
    with pytest.raises(ModelInputError, match="one row per influencer_key in rpt_influencer_pages"):
        read_report_data(with_people(persons=[person(), person()]))


def test_a_key_that_could_leave_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelInputError, match="influencer keys made of letters"):
        render_site(
            with_people(persons=[person(influencer_key="../x")]),
            templates=TEMPLATES,
            assets=ASSETS,
            out_dir=tmp_path / "s",
        )
