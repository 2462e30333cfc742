"""Which candidate wins: by its figures, by a pin, or none at all. And the chain behind it, whichever wins."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import Build, run_dbt, run_tribu


def sample_with(folder: Path, **settings: object) -> Build:
    build = run_dbt(folder, "build", "--vars", json.dumps({"source": "sample", "algorithms": ["kmeans"], **settings}))
    assert build.exit_code == 0, build.log
    return build


def report_of(build: Build) -> dict[str, dict[str, object]]:
    return json.loads((build.site / "report.json").read_text(encoding="utf-8"))


def test_those_outside_every_radius_are_noise_everywhere_and_no_segment(tmp_path: Path) -> None:
    build = sample_with(tmp_path, k_max=3, pinned_algorithm="dbscan")
    assert build.value("select algorithm from clustering.ml_selection") == "dbscan"
    outside = build.value("select count(*) from marts.dim_influencers where cluster_key = 'noise'")
    assert 0 < outside < 500
    assert build.rows(
        "select cluster_name_en, cluster_name_fr, influencers_count, stability from marts.dim_clusters where is_noise"
    ) == [("Outside every cluster", "Hors de tout groupe", outside, None)]
    # last, whatever its size; and everybody has a row and a place on the map's table
    assert build.value("select arg_max(cluster_key, cluster_order) from marts.dim_clusters") == "noise"
    assert build.value("select count(*) from marts.dim_influencers") == build.value(
        "select count(*) from features.ftr_influencers"
    )
    share = build.value("select noise_share from clustering.ml_selection")
    assert outside / build.value("select count(*) from marts.dim_influencers") == pytest.approx(share, abs=0.001)
    assert build.rows(
        "select min(confidence) >= 0, max(confidence) <= 1, count(confidence) = count(*) from marts.dim_influencers"
    ) == [(True, True, True)]
    assert (
        build.value(
            "select count(*) from marts.dim_influencers where cluster_key = 'noise' and runner_up_cluster_key is null"
        )
        == 0
    )
    overview = report_of(build)["overview"]
    assert overview["noise_influencers"] == outside
    assert overview["clusters"] == build.value("select count(*) from marts.dim_clusters where not is_noise")
    page = (build.site / "clusters" / "noise.html").read_text(encoding="utf-8")
    assert "They are no segment" in page
    assert "Typical members" not in page


def test_a_mixture_is_scored_in_sql_as_scikit_learn_scores_it(tmp_path: Path) -> None:
    from sklearn.mixture import GaussianMixture

    build = sample_with(tmp_path, k_max=3, pinned_algorithm="gaussian_mixture", pinned_k=6)
    assert build.rows("select candidate_id, structure_found from clustering.ml_selection") == [
        ("gaussian_mixture_06", True)
    ]
    reason = build.value("select selection_reason from clustering.ml_runs")
    assert "Pinned by the settings" in str(reason)
    assert str(report_of(build)["overview"]["selection_code"]).startswith("pinned")
    rows = build.rows(
        "select * exclude (platform, imputed_features_count) from features.ftr_scaled order by influencer_key"
    )
    values = np.array([row[1:] for row in rows], dtype=float)
    mixture = GaussianMixture(
        6, covariance_type="diag", n_init=3, reg_covar=0.01, max_iter=200, random_state=20260630
    ).fit(values)
    published = build.rows("select cluster_key, confidence from marts.dim_influencers order by influencer_key")
    pairs = set(zip(mixture.predict(values).tolist(), [key for key, _ in published], strict=True))
    assert len(pairs) == 6
    # odds between the two likeliest components
    odds = np.sort(mixture.predict_proba(values), axis=1)
    assert [confidence for _, confidence in published] == pytest.approx(list(1 - odds[:, -2] / odds[:, -1]), abs=1e-4)


def test_a_pin_that_the_data_do_not_allow_says_so(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "platform,handle,followers,avg_likes,avg_comments,observed_at\n"
        + "".join(f"instagram,sample_{n},{n}000,10,1,2026-06-30\n" for n in range(1, 6)),
        encoding="utf-8",
    )
    assert run_tribu(tmp_path, "import", str(tmp_path / "list.csv")).returncode == 0
    build = run_dbt(tmp_path, "build", "--vars", json.dumps({"pinned_k": 7}))
    assert build.exit_code == 0, build.log
    overview = report_of(build)["overview"]
    assert "The settings pin any algorithm with k = 7, which these data do not allow" in str(
        overview["selection_reason"]
    )
    assert (overview["clusters"], overview["structure_found"]) == (1, False)
    assert overview["selection_code"] == "pin_impossible"
    french = (build.site / "fr" / "index.html").read_text(encoding="utf-8")
    assert "Les réglages imposent un algorithme ou un nombre de segments" in french


def test_a_list_without_groups_is_told_so_on_every_page(tmp_path: Path) -> None:
    """Size, engagement and talk drawn independently of each other: there is nothing to find."""
    random = np.random.default_rng(11)
    followers = np.exp(random.normal(10, 1.2, 400))
    likes = followers * np.exp(random.normal(-4, 0.6, 400))
    comments = likes * np.exp(random.normal(-4, 0.5, 400))
    lines = [f"instagram,sample_{n},{followers[n]:.0f},{likes[n]:.1f},{comments[n]:.2f},2026-06-30" for n in range(400)]
    (tmp_path / "list.csv").write_text(
        "platform,handle,followers,avg_likes,avg_comments,observed_at\n" + "\n".join(lines), encoding="utf-8"
    )
    assert run_tribu(tmp_path, "import", str(tmp_path / "list.csv")).returncode == 0
    build = run_dbt(tmp_path, "build")
    assert build.exit_code == 0, build.log
    assert build.value("select count(*) from clustering.ml_candidates where null_silhouette is not null") > 10
    assert build.rows("select candidate_id, structure_found from clustering.ml_selection") == [("kmeans_01", False)]
    assert build.rows("select cluster_name_en, stability from marts.dim_clusters") == [("Everybody", None)]
    assert report_of(build)["overview"]["structure_found"] is False
    assert report_of(build)["overview"]["selection_code"] in {"no_structure", "not_stable"}
    for page in build.site.rglob("*.html"):
        is_french = page.is_relative_to(build.site / "fr")
        said = "Ce n’est pas un segment, c’est tout le monde." if is_french else "It is everybody, not a segment."
        assert said in page.read_text(encoding="utf-8"), page
