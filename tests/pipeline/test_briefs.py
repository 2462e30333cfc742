"""Campaign briefs: who answers them, counted again in Python, and what is no answer but a mistake."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import duckdb
import pytest
from tests.conftest import Build


class Asked(Protocol):
    """Answers other briefs: runs statements, then the models."""

    def __call__(self, *statements: str, models: tuple[str, ...] = ...) -> duckdb.DuckDBPyConnection: ...


MODELS = ("int_briefs", "int_brief_values", "int_rate_card", "brief_values", "brief_candidates", "brief_matches", "brief_outcomes")  # fmt: skip
COLUMNS = (
    "influencer_key", "platform", "handle", "country_code", "language", "category", "tier", "cluster_key", "followers_count",
    "er_followers", "sponsored_ratio", "bio", "er_followers_percentile", "posts_per_week_percentile",
)  # fmt: skip
LARGE = 1e18


def everybody(build: Build) -> list[dict[str, object]]:
    rows = build.rows(f"select {', '.join(COLUMNS)} from marts.dim_influencers")
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def terms_of(build: Build) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, term in build.rows("select influencer_key, term from intermediate.int_influencer_terms"):
        found.setdefault(str(key), set()).add(str(term))
    return found


def uses(one: dict[str, object], terms: dict[str, set[str]], word: str) -> bool:
    own = terms.get(str(one["influencer_key"]), set())
    return word in own or f"#{word}" in own or word in str(one["bio"] or "").lower()


def within(value: object, least: float, most: float) -> bool:
    return value is not None and least <= float(str(value)) <= most


def test_who_answers_the_briefs_of_the_sample_is_who_meets_all_that_they_ask_for(sample_build: Build) -> None:
    """The briefs of seeds/reference/sample_briefs.csv, written out as conditions."""
    terms = terms_of(sample_build)
    known = {"tiktok:sample_0867_summit", "youtube:sample_1449_tide", "instagram:sample_1137_flint"}
    asked: dict[str, Callable[[dict[str, object]], bool]] = {
        "skin_care_france": lambda one: (
            one["platform"] in ("instagram", "tiktok")
            and one["country_code"] == "FR"
            and (one["category"] in ("beauty", "fashion") or uses(one, terms, "skincare") or uses(one, terms, "makeup"))
            and one["tier"] in ("nano", "micro")
            and within(one["er_followers"], 0.02, LARGE)
            and within(one["sponsored_ratio"], 0, 0.2)
        ),
        "games_on_video": lambda one: (
            one["platform"] in ("youtube", "tiktok")
            and one["language"] in ("en", "de")
            and one["category"] == "gaming"
            and one["tier"] in ("micro", "mid")
            and within(one["followers_count"], 10_000, 500_000)
        ),
        "more_of_these": lambda one: (
            within(one["followers_count"], 5_000, LARGE)
            and within(one["sponsored_ratio"], 0, 0.5)
            and f"{one['platform']}:{str(one['handle']).lower()}" not in known
        ),
    }
    people = everybody(sample_build)
    for brief, meets in asked.items():
        expected = {one["influencer_key"] for one in people if meets(one)}
        found = sample_build.rows(f"select influencer_key from marts.brief_matches where brief_id = '{brief}'")
        assert {key for (key,) in found} == expected
        assert expected, brief
    assert sample_build.value("select count(distinct brief_id) from marts.brief_matches") == len(asked)


def test_ranks_follow_the_score_and_the_score_is_the_mean_of_its_parts(sample_build: Build) -> None:
    rows = sample_build.rows(
        "select brief_id, rank, score, engagement_part, activity_part, availability_part, keywords_part, similarity_part "
        "from marts.brief_matches order by brief_id, rank"
    )
    places: dict[object, list[float]] = {}
    for brief, rank, score, engagement, activity, availability, keywords, similarity in rows:
        parts = [engagement, activity, availability]
        parts += [keywords] if brief == "skin_care_france" else []
        parts += [similarity] if brief == "more_of_these" else []
        assert (keywords is None, similarity is None) == (brief != "skin_care_france", brief != "more_of_these")
        values = [0.5 if part is None else float(str(part)) for part in parts]
        assert all(0 <= value <= 1 for value in values)
        assert score == pytest.approx(sum(values) / len(values), abs=1e-12)
        places.setdefault(brief, []).append(float(str(score)))
        assert rank == len(places[brief])
    assert all(scores == sorted(scores, reverse=True) for scores in places.values())


def test_who_is_left_out_is_counted_by_criterion(sample_build: Build) -> None:
    people = everybody(sample_build)
    rows = {
        (brief, criterion): counts
        for brief, criterion, *counts in sample_build.rows(
            "select brief_id, criterion, influencers_count, matches_count, unmet_count, unknown_count, only_this_count from marts.brief_outcomes"
        )
    }
    assert {influencers for influencers, *_ in rows.values()} == {len(people)}
    languages = [one["language"] for one in people]
    assert rows["games_on_video", "language"][2:4] == [
        sum(language is not None and language not in ("en", "de") for language in languages),
        languages.count(None),
    ]
    assert rows["games_on_video", "country"][2:] == [0, 0, 0], "a criterion that is not asked for leaves out nobody"
    # without its followers the brief would find the matches and those whom only the followers keep out
    looser = sum(
        within(one["sponsored_ratio"], 0, 0.5)
        and f"{one['platform']}:{str(one['handle']).lower()}"
        not in {"tiktok:sample_0867_summit", "youtube:sample_1449_tide", "instagram:sample_1137_flint"}
        for one in people
    )
    _, matches, _, _, only = rows["more_of_these", "followers"]
    assert int(str(matches)) + int(str(only)) == looser


@pytest.fixture
def asked(sample_build: Build, tmp_path: Path) -> Iterator[Asked]:
    """A copy of the warehouse without the briefs of the sample, whose models run again as dbt compiled them."""
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    # the inputs of unit tests are compiled under the names of the models that they stand for
    found = (sample_build.folder / "target" / "compiled" / "tribu").rglob("*.sql")
    compiled = {path.stem: path for path in found if path.parent.suffix != ".yml"}

    def answer(*statements: str, models: tuple[str, ...] = MODELS) -> duckdb.DuckDBPyConnection:
        for statement in statements:
            connection.execute(statement)
        for model in models:
            schema = compiled[model].parent.name
            connection.execute(
                f"create or replace table {schema}.{model} as {compiled[model].read_text(encoding='utf-8')}"
            )
        return connection

    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("delete from reference.sample_briefs")
        yield answer


def test_a_budget_pays_for_the_best_by_the_latest_rates(asked: Asked) -> None:
    answered = asked(
        "insert into reference.briefs (brief_id, platforms, tiers, posts, budget) "
        "values ('priced', 'Insta', 'nano|micro', '2', '1k')",
        "insert into reference.rate_card values ('2025-01-01', 'instagram', 'nano', 999, 'eur'), "
        "('2026-01-01', 'instagram', 'nano', 100, 'EUR'), ('2026-01-01', 'instagram', 'micro', 600, 'EUR')",
    )
    rows = answered.sql("select distinct tier, cost, currency from marts.brief_matches").fetchall()
    assert rows == [("nano", 200.0, "EUR")]
    paid = answered.sql("select count(*), max(cumulative_cost) from marts.brief_matches where is_within_budget")
    assert paid.fetchall() == [(5, 1000.0)]
    counts = answered.sql(
        "select unmet_count, unknown_count from marts.brief_outcomes where criterion = 'budget'"
    ).fetchall()
    expected = answered.sql(
        "select count(*) filter (where platform = 'instagram' and tier = 'micro'), "
        "count(*) filter (where platform != 'instagram' or tier is null or tier not in ('nano', 'micro')) "
        "from marts.dim_influencers"
    ).fetchall()
    assert counts == expected


def test_what_is_not_known_is_named(asked: Asked) -> None:
    wrong = {
        "countries": "France|Atlantis",
        "tiers": "nano|gigantic",
        "similar_to": "@nobody_at_all",
        "excluded": "tiktok:nobody_at_all",
        "clusters": "c99",
        "languages": "Klingon",
        "platforms": "friendster",
        "categories": "underwater chess",
    }
    with pytest.raises(duckdb.Error) as raised:
        asked(
            f"insert into reference.briefs (brief_id, {', '.join(wrong)}) values "
            f"('wrong', {', '.join(repr(value) for value in wrong.values())})"
        )
    said = str(raised.value)
    assert "remedy" in said
    assert "wrong: country Atlantis" in said
    assert "wrong: tier gigantic" in said
    assert "wrong: similar_to @nobody_at_all" in said
    assert "wrong: excluded tiktok:nobody_at_all" in said
    assert "wrong: cluster c99" in said
    assert "wrong: language Klingon" in said
    assert "wrong: platform friendster" in said
    assert "wrong: category underwater chess" in said
    assert "France" not in said
    assert "nano" not in said


@pytest.mark.parametrize(
    ("column", "text"), [("followers_min", "many"), ("er_followers_max", "-1"), ("budget", "1,23")]
)
def test_a_figure_that_is_none_is_named(asked: Asked, column: str, text: str) -> None:
    with pytest.raises(duckdb.Error, match=f"wrong: {column} {text}.*remedy"):
        asked(f"insert into reference.briefs (brief_id, {column}) values ('wrong', '{text}')")


def test_two_briefs_of_one_name_are_refused(asked: Asked) -> None:
    with pytest.raises(duckdb.Error, match="got 2 rows and 1 of them"):
        asked("insert into reference.briefs (brief_id) values ('twice'), (' twice ')")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("('2026-01-01', 'instagram', 'gigantic', 1, 'EUR')", "instagram gigantic"),
        ("('2026-01-01', 'instagram', 'nano', 1, 'EUR'), ('2026-01-01', 'tiktok', 'nano', 1, 'USD')", "got EUR, USD"),
        ("(null, 'instagram', 'nano', 1, 'EUR')", "got neither for instagram nano"),
    ],
)
def test_a_rate_card_that_cannot_be_used_is_refused(asked: Asked, rows: str, said: str) -> None:
    with pytest.raises(duckdb.Error, match=said):
        asked(f"insert into reference.rate_card values {rows}")


def test_hostile_words_in_a_brief_are_values_and_nothing_else(asked: Asked) -> None:
    word = "''; drop table marts.dim_influencers; --"
    answered = asked(f"insert into reference.briefs (brief_id, keywords) values ('{word}', '{word}|%|_')")
    assert answered.sql("select count(*) from marts.brief_matches").fetchall() == [(0,)]
    assert answered.sql("select count(*) from marts.brief_values").fetchall() == [(3,)]


def test_the_page_tells_the_counts_of_the_tables(sample_build: Build) -> None:
    for path, found, total in (("briefs.html", "{} of 1,499 influencers fit.", 3), ("fr/briefs.html", "{} influenceurs sur 1\u202f499 conviennent.", 3)):  # fmt: skip
        page = (sample_build.site / path).read_text(encoding="utf-8")
        counts = sample_build.rows("select count(*) from marts.brief_matches group by brief_id")
        assert len(counts) == total
        assert all(found.format(count) in page for (count,) in counts)
    assert 'href="briefs.html"' in (sample_build.site / "index.html").read_text(encoding="utf-8")
    files = sorted((sample_build.site / "briefs").glob("*.csv"))
    assert len(files) == 3
