"""What is said of single influencers: cohorts, lookalikes, pages, and a site without names; on the sample."""

from __future__ import annotations

import json
import math
import os
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.conftest import Build, run_dbt, run_tribu

PAGES = ("rpt_influencer_pages", "rpt_influencer_metrics", "rpt_influencer_lookalikes")
LOOKALIKE_MODELS = (
    "lookalike_cells",
    "lookalike_cell_boxes",
    "lookalike_near_cells",
    "lookalike_searches",
    "lookalike_pairs",
    "influencer_lookalikes",
)
NAMES = ("influencer_key", "account_id", "handle", "display_name", "profile_url")


def test_percentiles_are_those_of_counting_the_cohort(sample_build: Build) -> None:
    """Counted anew in Python from the influencers themselves, for the cohorts of one metric."""
    people = sample_build.rows(
        "select influencer_key, platform, tier, category, er_followers from marts.dim_influencers"
    )
    values = {key: (platform, tier, category, value) for key, platform, tier, category, value in people}
    seen = set()
    for key, value, percentile, step, count in sample_build.rows(
        """
        select influencer_key, value, percentile, cohort_step, cohort_influencers_count
        from marts.influencer_percentiles where metric = 'er_followers' order by influencer_key
        """
    ):
        shared = {"platform_tier_category": 3, "platform_tier": 2, "platform": 1, "everybody": 0}[str(step)]
        mine = values[key][:shared]
        cohort = np.array([row[3] for row in values.values() if row[3] is not None and row[:shared] == mine], float)
        below, equal = (cohort < value).sum(), (cohort == value).sum()
        assert count == len(cohort)
        assert math.isclose(percentile, 100 * (below + equal / 2) / len(cohort))
        # widened no further than it had to be
        if shared < 3 and None not in values[key][: shared + 1]:
            narrower = [
                row for row in values.values() if row[3] is not None and row[: shared + 1] == values[key][: shared + 1]
            ]
            assert len(narrower) < 200
        assert step == "everybody" or count >= 200
        seen.add(step)
    assert len(seen) >= 2
    known = sample_build.value("select count(er_followers) from marts.dim_influencers")
    assert known == sample_build.value("select count(er_followers_percentile) from marts.dim_influencers")


def test_benchmarks_are_the_percentiles_of_their_cohort(sample_build: Build) -> None:
    rows = sample_build.rows(
        "select distinct p10, p25, p50, p75, p90 from marts.cohort_benchmarks where metric = 'posts_count' and cohort = 'tiktok'"
    )
    counts = [
        value
        for (value,) in sample_build.rows(
            "select posts_count from marts.dim_influencers where platform = 'tiktok' and posts_count is not null"
        )
    ]
    assert len(rows) == 1
    assert np.allclose(rows[0], np.percentile(np.array(counts, float), [10, 25, 50, 75, 90]))


def test_lookalikes_are_the_nearest_of_the_platform(sample_build: Build) -> None:
    """All distances in NumPy, beside those that cells bounded the search for."""
    features = [str(name) for (name,) in sample_build.rows("select feature from features.distance_features order by 1")]
    rows = sample_build.rows(
        f"""
        select cells.influencer_key, {", ".join(f"scaled.{name}" for name in features)}
        from clustering.lookalike_cells as cells inner join features.ftr_scaled as scaled using (influencer_key)
        where cells.bounds = 'tiktok' order by cells.influencer_key
        """
    )
    places = np.array([row[1:] for row in rows], float)
    distances = np.sqrt(((places[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(distances, np.inf)
    nearest = np.sort(distances, axis=1)[:, :20]
    published = np.array(
        [
            distance
            for (distance,) in sample_build.rows(
                "select distance from marts.influencer_lookalikes where platform = 'tiktok' order by influencer_key, rank"
            )
        ],
        float,
    ).reshape(len(rows), 20)
    assert np.allclose(published, nearest)
    assert sample_build.value("select count(*) from marts.influencer_lookalikes where not is_exact") == 0


def test_reasons_are_known_of_both_and_all_different(sample_build: Build) -> None:
    wrong = sample_build.value(
        """
        select count(*) from marts.influencer_lookalikes
        where alike_1_feature in (alike_2_feature, alike_3_feature, apart_feature)
            or alike_2_feature in (alike_3_feature, apart_feature) or alike_3_feature = apart_feature
            or (shared_features_count >= 3 and alike_3_feature is null)
        """
    )
    assert wrong == 0
    imagined = sample_build.value(
        """
        select count(*) from marts.influencer_lookalikes as pairs
        inner join marts.dim_influencers as own on pairs.influencer_key = own.influencer_key
        inner join marts.dim_influencers as other on pairs.lookalike_key = other.influencer_key
        where pairs.alike_1_feature = 'followers_count' and (own.followers_count is null or other.followers_count is null)
            or pairs.apart_feature = 'posts_count' and (own.posts_count is null or other.posts_count is null)
        """
    )
    assert imagined == 0


def copied(build: Build, folder: Path, entries: str) -> None:
    """Copy the warehouse, with other entries in the seed of influencers with a page."""
    shutil.copy(build.warehouse, folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(f"insert into reference.influencer_pages {entries}")


LARGEST = "select platform, '@' || upper(handle), null from marts.dim_influencers where handle is not null order by followers_count desc nulls last, influencer_key limit 5"


def test_a_listed_influencer_has_a_page_and_a_site_without_names_has_none_of_them(
    sample_build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBU_PSEUDONYM_KEY", "a secret of this test alone")
    copied(sample_build, tmp_path, LARGEST)
    done = run_dbt(
        tmp_path, "run", "--select", *PAGES, "report_site", "--vars", json.dumps({"site_pseudonymised": True})
    )
    assert done.exit_code == 0, done.log
    plain = run_tribu(tmp_path, "report", "--out", str(tmp_path / "plain"))
    assert plain.returncode == 0, plain.stderr
    names = {
        str(value)
        for row in sample_build.rows(f"select {', '.join(NAMES)} from marts.dim_influencers")
        for value in row
        if value is not None
    }
    pages = sorted((tmp_path / "plain" / "influencers").glob("*.html"))
    assert len(pages) == 5
    assert {path.stem for path in pages} <= names
    assert found_in(tmp_path / "plain", names)
    assert found_in(done.site, names) == set()
    assert len(sorted((done.site / "influencers").glob("p-*.html"))) == 5
    # the command and the build give the same site
    again = run_tribu(tmp_path, "report", "--pseudonymise", "--out", str(tmp_path / "again"))
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again" / "index.html").read_bytes() == (done.site / "index.html").read_bytes()


def found_in(site: Path, names: set[str]) -> set[str]:
    """Names that stand in any file of a site, or in the name of one; Plotly's script is a copy of the package's."""
    files = [path for path in sorted(site.rglob("*")) if path.name != "plotly.min.js"]
    text = "\n".join(
        path.relative_to(site).as_posix()
        + (path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else "")
        for path in files
    )
    return {name for name in names if name in text}


def test_an_entry_that_is_no_influencer_stops_the_build_and_is_named(sample_build: Build, tmp_path: Path) -> None:
    copied(sample_build, tmp_path, "values ('instagram', '@nobody_at_all', null), ('tiktok', null, '77')")
    done = run_dbt(tmp_path, "run", "--select", "rpt_influencer_pages")
    assert done.exit_code != 0
    assert "got none for instagram nobody_at_all, tiktok 77" in done.log


def test_more_pages_than_allowed_stop_the_build(sample_build: Build, tmp_path: Path) -> None:
    copied(sample_build, tmp_path, LARGEST)
    done = run_dbt(
        tmp_path, "run", "--select", "rpt_influencer_pages", "--vars", json.dumps({"influencer_pages_most": 4})
    )
    assert done.exit_code != 0
    assert "expected at most 4 influencers" in done.log
    assert "got 5" in done.log


def test_a_secret_that_is_too_short_is_refused(sample_build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TRIBU_PSEUDONYM_KEY", "short")
    done = run_tribu(sample_build.folder, "report", "--pseudonymise", "--out", str(sample_build.folder / "refused"))
    assert done.returncode == 7
    assert "at least 16 characters in TRIBU_PSEUDONYM_KEY" in done.stderr
    assert not (sample_build.folder / "refused").exists()


def test_lookalikes_can_be_left_out_and_bounded_otherwise(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    models = LOOKALIKE_MODELS
    bounded = run_dbt(
        tmp_path, "run", "--select", *models, "--vars", json.dumps({"lookalike_bounds": ["platform", "tier"]})
    )
    assert bounded.exit_code == 0, bounded.log
    assert (
        bounded.value(
            """
            select count(*) from marts.influencer_lookalikes as pairs
            inner join marts.dim_influencers as own on pairs.influencer_key = own.influencer_key
            inner join marts.dim_influencers as other on pairs.lookalike_key = other.influencer_key
            where (own.platform, own.tier) is distinct from (other.platform, other.tier)
            """
        )
        == 0
    )
    none = run_dbt(tmp_path, "run", "--select", *models, "--vars", json.dumps({"lookalikes_count": 0}))
    assert none.exit_code == 0, none.log
    assert none.value("select count(*) from marts.influencer_lookalikes") == 0


def test_cells_find_nearly_all_of_the_nearest_the_same_in_any_order_and_for_everybody(
    sample_build: Build, tmp_path: Path
) -> None:
    """Everybody in one bound, in cells of eight of which a fifth are searched, beside comparing everybody with everybody."""
    drawn = []
    settings = {
        "lookalike_bounds": [],
        "lookalike_exact_influencers": 100,
        "lookalike_cell_influencers": 8,
        "lookalike_cells_searched": 48,
    }
    for order in ("influencer_key", "md5(influencer_key || 'another order')"):
        shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
            connection.execute(
                f"create or replace table features.ftr_scaled as from features.ftr_scaled order by {order}"
            )
        done = run_dbt(tmp_path, "run", "--select", *LOOKALIKE_MODELS, "--vars", json.dumps(settings))
        assert done.exit_code == 0, done.log
        drawn.append(done.rows("from clustering.lookalike_pairs order by influencer_key, rank"))
    assert drawn[0] == drawn[1]
    compared = done.value("select count(*) from clustering.lookalike_cells")
    assert isinstance(compared, int)
    assert len({row[0] for row in drawn[0]}) == compared
    assert len(drawn[0]) == 20 * compared
    assert not any(row[4] for row in drawn[0])
    assert done.value(
        "select max(n) from (select count(*) as n from clustering.lookalike_cells group by cell)"
    ) in range(3, 9)

    features = [str(name) for (name,) in sample_build.rows("select feature from features.distance_features order by 1")]
    rows = done.rows(
        f"""
        select cells.influencer_key, {", ".join(f"scaled.{name}" for name in features)}
        from clustering.lookalike_cells as cells inner join features.ftr_scaled as scaled using (influencer_key)
        order by cells.influencer_key
        """
    )
    places = np.array([row[1:] for row in rows], float)
    distances = np.stack([np.sqrt(((places - place) ** 2).sum(axis=1)) for place in places])
    np.fill_diagonal(distances, np.inf)
    last = np.sort(distances, axis=1)[:, 19]
    found = np.array([row[3] for row in drawn[0]], float).reshape(-1, 20)
    # those as near as the last of the exact ones, whichever of equals they are
    assert (found <= last[:, None] + 1e-9).mean() > 0.9
    searched = done.value(
        "select count(*) * 8 / (select count(*) from clustering.lookalike_cells) from clustering.lookalike_near_cells"
    )
    assert isinstance(searched, int | float)
    assert searched < compared / 3
