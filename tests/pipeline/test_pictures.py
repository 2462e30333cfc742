"""The pictures of the map in the warehouse: all of them, bounded, and in their place in the next build."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Build, run_dbt

POINTS = 600
FROM_THE_SAMPLE = (
    "--select",
    "picture_sample+",
    "ml_projection_previous",
    "--vars",
    json.dumps({"map_points": POINTS}),
)
KEYS = [(method, dimensions) for method in ("tsne", "umap") for dimensions in (2, 3)]


def build_on(warehouse: Path, folder: Path, *changes: str) -> Build:
    """Change a warehouse below the pictures, and build them and all that rests on them with everything on."""
    folder.mkdir()
    shutil.copy(warehouse, folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for change in changes:
            connection.execute(change)
    build = run_dbt(folder, "build", *FROM_THE_SAMPLE, quick=False)
    assert build.exit_code == 0, build.log
    return build


@pytest.fixture(scope="module")
def first(sample_build: Build, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build_on(
        sample_build.warehouse,
        tmp_path_factory.mktemp("pictures") / "first",
        "drop table clustering.ml_projection",
    )


def projection(build: Build) -> list[tuple[object, ...]]:
    return build.rows("select * exclude (input_fingerprint) from clustering.ml_projection order by all")


def test_every_picture_has_everybody_of_a_bounded_sample(first: Build) -> None:
    counted = first.rows(
        "select method, dimensions, count(distinct influencer_key), count(z) from clustering.ml_projection group by all order by all"
    )
    assert counted == [(*key, POINTS, POINTS if key[1] == 3 else 0) for key in KEYS]
    assert first.value("select count(*) from clustering.ml_projection_previous") == 0
    smallest = first.value(
        """
        select min(points_count) from (
            select count(*) as points_count from clustering.picture_sample
            inner join clustering.ml_assignments using (influencer_key) group by cluster_key
        )
        """
    )
    assert int(str(smallest)) >= 25


def test_pictures_are_better_than_chance_and_than_two_axes(first: Build) -> None:
    trust = {
        (method, dimensions): share
        for method, dimensions, share in first.rows(
            "select method, dimensions, trustworthiness from clustering.ml_picture_quality"
        )
    }
    assert sorted(trust) == [("pca", 2), ("pca", 3), *KEYS]
    assert min(trust[key] for key in KEYS) > trust["pca", 2] > 0.6


def test_the_site_has_every_picture(first: Build) -> None:
    page = (first.site / "index.html").read_text(encoding="utf-8")
    spec = json.loads(page.split('id="map-data">')[1].split("</script>")[0])
    assert [(one["method"], one["dimensions"]) for one in spec["pictures"]] == [
        (method, dimensions) for method in ("pca", "umap", "tsne") for dimensions in (2, 3)
    ]
    assert all(len(one["x"]) == POINTS and None not in one["x"] for one in spec["pictures"])
    report = json.loads((first.site / "report.json").read_text(encoding="utf-8"))
    assert len(report["pictures"]) == 6


def test_unchanged_data_give_the_same_pictures(first: Build, tmp_path: Path) -> None:
    again = build_on(first.warehouse, tmp_path / "again")
    assert projection(again) == projection(first)
    assert again.value("select count(*) from clustering.ml_projection_previous") == 4 * POINTS
    assert again.rows(
        "select distinct displacement_ratio from clustering.ml_picture_quality where method != 'pca'"
    ) == [(0.0,)]


def test_clusters_stay_in_place_when_the_data_change_a_little(first: Build, tmp_path: Path) -> None:
    """A twentieth of the influencers leave, and every twentieth posts differently."""
    following = build_on(
        first.warehouse,
        tmp_path / "following",
        """
        delete from clustering.ml_assignments
        where influencer_key in (select influencer_key from features.ftr_scaled where md5(influencer_key || 'gone') < '0d')
        """,
        """
        update features.ftr_scaled set posts_per_week = posts_per_week + 0.3, er_followers = er_followers - 0.2
        where md5(influencer_key || 'changed') < '0d'
        """,
        """
        delete from marts.dim_influencers
        where influencer_key in (select influencer_key from features.ftr_scaled where md5(influencer_key || 'gone') < '0d')
        """,
    )
    moved = {
        (method, dimensions): (known, ratio)
        for method, dimensions, known, ratio in following.rows(
            "select method, dimensions, known_rows_count, displacement_ratio from clustering.ml_picture_quality where method != 'pca'"
        )
    }
    assert sorted(moved) == KEYS
    assert projection(following) != projection(first)
    for known, ratio in moved.values():
        assert 500 < known < POINTS
        assert 0 < ratio < 0.25


def test_pictures_can_be_left_out(first: Build, tmp_path: Path) -> None:
    folder = tmp_path / "without"
    folder.mkdir()
    shutil.copy(first.warehouse, folder / "warehouse.duckdb")
    settings = json.dumps({"map_points": POINTS, "pictures": []})
    build = run_dbt(folder, "build", "--select", "ml_projection+", "--vars", settings, quick=False)
    assert build.exit_code == 0, build.log
    assert build.value("select count(*) from clustering.ml_projection") == 0
    assert build.rows("select method, dimensions from reporting.rpt_pictures order by all") == [("pca", 2), ("pca", 3)]
    page = (build.site / "index.html").read_text(encoding="utf-8")
    assert 'value="pca"' in page
    assert 'value="umap"' not in page
