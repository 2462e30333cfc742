"""Signals of authenticity, sponsored posts and media value on the sample: counted again in Python, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Build

PARTS = {
    "engagement": ("er_followers", None),
    "following": ("following_follower_ratio", 1.0),
    "comments": ("comment_like_ratio", None),
    "jump": ("follower_jump_ratio", 0.0),
    "unfollowed_growth": ("unfollowed_growth_ratio", 0.0),
}
Run = Callable[..., duckdb.DuckDBPyConnection]


def test_the_sum_is_that_of_the_places_in_the_cohorts(sample_build: Build) -> None:
    places = {
        (key, metric): (float(str(value)), float(str(percentile)))
        for key, metric, value, percentile in sample_build.rows(
            "select influencer_key, metric, value, percentile from marts.influencer_percentiles"
        )
    }
    rows = sample_build.rows(
        "select influencer_key, signals_known_count, signals_sum, signals_sum_ratio, is_above_bound from marts.authenticity_signals"
    )
    judged = set()
    for key, known, total, ratio, above in rows:
        parts = []
        for metric, least in PARTS.values():
            if (key, metric) in places:
                value, percentile = places[key, metric]
                unusual = percentile / 100 if least is not None else abs(percentile - 50) / 50
                parts.append(0.0 if least is not None and value <= least else unusual)
        assert known == len(parts)
        if not parts:
            assert (total, ratio, above) == (None, None, None)
            continue
        assert total == pytest.approx(sum(parts))
        assert ratio == pytest.approx(sum(parts) / len(parts))
        assert above == (None if len(parts) < 2 else sum(parts) / len(parts) > 0.8)
        judged.add(above)
    # the sample has somebody of each
    assert judged == {True, False, None}
    assert {known for _, known, *_ in rows} == {0, 1, 2, 3, 4, 5}


def test_signals_stay_out_of_distances(sample_build: Build) -> None:
    seen = {str(name) for (name,) in sample_build.rows("select feature from features.distance_features")}
    assert seen.isdisjoint({"following_follower_ratio", "follower_jump_ratio", "unfollowed_growth_ratio"})


def test_sponsored_posts_of_the_sample_are_counted_by_what_says_so(sample_build: Build) -> None:
    flag, hashtag, phrase = sample_build.rows(
        "select sum(sponsored_by_flag_posts_count), sum(sponsored_by_hashtag_posts_count), sum(sponsored_by_phrase_posts_count) "
        "from marts.commercial_profiles"
    )[0]
    counted = dict(
        sample_build.rows(
            "select sponsored_evidence, count(*) from marts.fct_posts as posts inner join intermediate.int_posting as windows "
            "using (influencer_key) where posts.posted_at > windows.window_starts_at or posts.posted_at is null group by 1"
        )
    )
    assert (flag, hashtag, phrase) == (counted["flag"], counted["hashtag"], counted.get("phrase", 0))
    assert min(int(str(flag)), int(str(hashtag))) > 100
    # nothing is made up where nobody gave prices
    priced = "select count(price_per_post), count(cost_per_interaction), count(earned_media_value) from marts.commercial_profiles"
    assert sample_build.rows(priced) == [(0, 0, 0)]


@pytest.fixture
def rated(sample_build: Build, tmp_path: Path) -> Iterator[Run]:
    """A copy of the warehouse, in which the models of rates run again as dbt compiled them."""
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    # the inputs of unit tests are compiled under the names of the models that they stand for
    found = (sample_build.folder / "target" / "compiled" / "tribu").rglob("*.sql")
    compiled = {path.stem: path for path in found if path.parent.suffix != ".yml"}

    def run(rows: str) -> duckdb.DuckDBPyConnection:
        connection.execute(f"insert into reference.media_value_rates values {rows}")
        for schema, model in (("intermediate", "int_media_value_rates"), ("marts", "commercial_profiles")):
            text = compiled[model].read_text(encoding="utf-8")
            connection.execute(f"create or replace table {schema}.{model} as {text}")
        return connection

    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        yield run


def test_media_value_is_by_the_rates_of_the_platform(rated: Run) -> None:
    connection = rated("('2000-01-01', 'TikTok', 0.5, null, null, null, null, 'eur')")
    found = connection.sql("select platform, currency, value_per_like from intermediate.int_media_value_rates")
    assert found.fetchall() == [("tiktok", "EUR", 0.5)]
    rows = connection.sql(
        "select platform, count(earned_media_value), sum(earned_media_value) from marts.commercial_profiles group by 1"
    ).fetchall()
    likes = connection.sql(
        "select sum(posts.likes_count) from intermediate.int_posts as posts inner join intermediate.int_posting as windows "
        "using (influencer_key) where posts.platform = 'tiktok' and (posts.posted_at > windows.window_starts_at or posts.posted_at is null)"
    ).fetchall()[0][0]
    assert [platform for platform, valued, _ in rows if valued] == ["tiktok"]
    assert next(value for platform, _, value in rows if platform == "tiktok") == pytest.approx(likes / 2)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("('2026-01-01', 'instagramm', 1, null, null, null, null, 'EUR')", "expected platforms.*got instagramm"),
        ("(null, 'instagram', 1, null, null, null, null, 'EUR')", "got other rows for instagram"),
        ("('2026-01-01', 'instagram', null, null, null, null, null, 'EUR')", "at least one value"),
        ("('2026-01-01', 'instagram', 1, -0.1, null, null, null, 'EUR')", "none below 0"),
        (
            "('2026-01-01', 'tiktok', 1, null, null, null, null, 'EUR'), ('2026-01-01', 'TikTok ', 2, null, null, null, null, 'EUR')",
            "one row per platform and date",
        ),
        (
            "('2026-01-01', 'tiktok', 1, null, null, null, null, 'EUR'), ('2026-01-01', 'x', 2, null, null, null, null, 'USD')",
            "got EUR, USD",
        ),
    ],
)
def test_rates_that_cannot_be_used_are_refused(rated: Run, rows: str, said: str) -> None:
    with pytest.raises(duckdb.Error, match=said):
        rated(rows)
