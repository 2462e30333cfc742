"""Candidates: the right clustering stands out, and odd input ends sensibly."""

from __future__ import annotations

import warnings

import numpy as np
import pyarrow as pa
import pytest

from tribu.cluster import FitSettings, cluster_stability, evaluate_candidates, fit_prototypes
from tribu.cluster.algorithms import REGISTRY
from tribu.cluster.prototypes import SCHEMA
from tribu.cluster.resampling import _shuffled_alike, _shuffled_freely
from tribu.errors import ModelInputError


@pytest.fixture(scope="module")
def rows(table_of, blobs, settings_with) -> dict[str, dict[str, object]]:
    table = evaluate_candidates(table_of(blobs[0]), settings_with())
    return {row["candidate_id"]: row for row in table.to_pylist()}


def test_everything_that_is_declared_is_tried(rows) -> None:
    assert {row["algorithm"] for row in rows.values()} == set(REGISTRY)
    for name in ("kmeans", "bisecting_kmeans", "gaussian_mixture", "agglomerative"):
        assert [row["k"] for row in rows.values() if row["algorithm"] == name and row["k"] > 1] == [3, 4, 5, 6]
    assert {"kmeans_01", "dbscan_q0.80", "dbscan_q0.97", "hdbscan_s0.03"} <= set(rows)


def test_the_true_number_of_clouds_has_the_best_silhouette_and_comes_back(rows) -> None:
    for name in ("kmeans", "bisecting_kmeans", "gaussian_mixture", "agglomerative"):
        mine = [row for row in rows.values() if row["algorithm"] == name and row["k"] > 1]
        assert max(mine, key=lambda row: row["silhouette"])["k"] == 4, name
        assert min(mine, key=lambda row: row["davies_bouldin"])["k"] == 4, name
        assert rows[f"{name}_04"]["stability"] > 0.9
    four = rows["kmeans_04"]
    assert four["smallest_share"] == pytest.approx(50 / 650, abs=0.01)
    assert four["largest_share"] == pytest.approx(300 / 650, abs=0.01)
    assert (four["fit_rows"], four["features_count"]) == (650, 3)
    assert min((row for row in rows.values() if row["bic"]), key=lambda row: row["bic"])["k"] == 4


def test_shuffled_columns_show_less(rows) -> None:
    for row in rows.values():
        if row["k"] == 4 and row["null_silhouette"] is not None:
            assert row["silhouette"] > row["null_silhouette"] + 0.02, row["candidate_id"]


def test_rows_without_structure_do_not_beat_shuffled_ones(table_of, settings_with) -> None:
    noise = np.random.default_rng(5).normal(size=(600, 4))
    table = evaluate_candidates(table_of(noise), settings_with())
    measured = [row for row in table.to_pylist() if row["null_silhouette"] is not None]
    assert len(measured) > 8
    assert [row["candidate_id"] for row in measured if row["silhouette"] > row["null_silhouette"] + 0.02] == []


def test_one_long_cloud_does_not_beat_shuffled_ones_although_its_pieces_are_stable(table_of, settings_with) -> None:
    """Correlated features and no groups: k-means cuts the cloud across, the same way every time."""
    random = np.random.default_rng(4)
    turned = np.linalg.qr(random.normal(size=(5, 5)))[0]
    cloud = (random.normal(size=(800, 5)) * np.array([3.0, 1.0, 1.0, 0.5, 0.5])) @ turned
    rows = evaluate_candidates(table_of(cloud), settings_with()).to_pylist()
    measured = [row for row in rows if row["null_silhouette"] is not None]
    assert max(row["stability"] for row in measured) > 0.8
    assert [row["candidate_id"] for row in measured if row["silhouette"] > row["null_silhouette"] + 0.02] == []


def test_both_kinds_of_shuffling_keep_the_features_and_one_the_correlations() -> None:
    random = np.random.default_rng(6)
    values = random.normal(size=(500, 1)) + 0.5 * random.normal(size=(500, 3))
    values[:, 2] = np.round(values[:, 2])
    for shuffle, correlation in ((_shuffled_freely, 0.0), (_shuffled_alike, 0.8)):
        shuffled = shuffle(values, np.random.default_rng(1))
        assert (np.sort(shuffled, axis=0) == np.sort(values, axis=0)).all()
        assert np.corrcoef(shuffled, rowvar=False)[0, 1] == pytest.approx(correlation, abs=0.1)
    # a constant column, and a copy of another
    odd = np.column_stack([values[:, 0], values[:, 0], np.ones(500)])
    assert np.isfinite(_shuffled_alike(odd, np.random.default_rng(1))).all()


def test_scores_agree_with_their_definition_on_a_hand_made_case(table_of, settings_with) -> None:
    """Two pairs of points, ten apart: a = 1, b = 10 or about it, computed by hand."""
    points = np.array([[0.0, 0.0], [0.0, 1.0], [10.0, 0.0], [10.0, 1.0]])
    settings = settings_with(algorithms=("kmeans",), k_min=2, k_max=2)
    one, two = evaluate_candidates(table_of(points), settings).to_pylist()
    nearer, farther = 10.0, np.sqrt(101.0)
    between = (nearer + farther) / 2
    assert two["silhouette"] == pytest.approx((between - 1) / between)
    assert two["inertia"] == pytest.approx(4 * 0.25)
    assert two["davies_bouldin"] == pytest.approx((0.5 + 0.5) / 10.0)
    assert one["k"] == 1
    assert one["silhouette"] is None


def test_noise_counts_as_zero_in_the_silhouette() -> None:
    from tribu.cluster.scores import SilhouetteSample, internal_scores

    points = np.array([[0.0], [1.0], [10.0], [11.0], [500.0]])
    labels = np.array([0, 0, 1, 1, -1])
    whole = internal_scores(points, labels, k=2, silhouettes=SilhouetteSample(points, 100))
    without = internal_scores(points[:4], labels[:4], k=2, silhouettes=SilhouetteSample(points[:4], 100))
    assert whole.silhouette == pytest.approx(without.silhouette * 4 / 5)
    assert whole.noise_share == pytest.approx(0.2)
    assert whole.davies_bouldin == without.davies_bouldin
    # a cluster that no row belongs to has a share of 0 and is not overlooked
    assert internal_scores(points, labels, k=3, silhouettes=SilhouetteSample(points, 100)).smallest_share == 0.0


OUTLIER = np.vstack([np.random.default_rng(2).normal(size=(80, 3)), [[1e6, 1e6, 1e6]]])
DEGENERATE = {
    "nobody": np.zeros((0, 3)),
    "one": np.zeros((1, 3)),
    "two": np.array([[0.0, 1.0], [2.0, 3.0]]),
    "all equal": np.ones((50, 3)),
    "constant features": np.column_stack([np.random.default_rng(1).normal(size=60), np.zeros(60), np.ones(60)]),
    "three different": np.repeat(np.eye(3), 20, axis=0),
    "fewer different than k": np.repeat(np.eye(4), 5, axis=0),
    "a handful": np.random.default_rng(3).normal(size=(7, 2)),
    "one dwarfs the rest": OUTLIER,
}


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("algorithm", REGISTRY)
def test_degenerate_samples_end_sensibly_for_every_algorithm(table_of, settings_with, name, algorithm) -> None:
    points = DEGENERATE[name]
    settings = settings_with(algorithms=(algorithm,), k_min=2, pinned_algorithm=algorithm)
    table = table_of(points)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = evaluate_candidates(table, settings).to_pylist()
    distinct = len(np.unique(points, axis=0))
    assert [row["candidate_id"] for row in rows[:1]] == (["kmeans_01"] if distinct else [])
    assert all(row["k"] < max(distinct, 2) for row in rows)
    assert all(np.isfinite(value) for row in rows for value in row.values() if isinstance(value, float))
    # each of them could be chosen, and must then be written and measured
    for row in rows:
        chosen = pa.table({"candidate_id": [row["candidate_id"]]})
        prototypes = fit_prototypes(table, chosen, settings)
        assert prototypes.num_rows == row["prototypes_count"] * points.shape[1]
        assert np.isfinite(prototypes.column("centre").to_numpy()).all()
        stability = cluster_stability(table, chosen, settings)
        assert stability.num_rows == row["k"]


def test_one_account_that_dwarfs_the_rest_is_no_cluster_that_can_win(table_of, settings_with) -> None:
    rows = evaluate_candidates(table_of(OUTLIER), settings_with(min_cluster_share=0.02)).to_pylist()
    alone = [row for row in rows if row["smallest_share"] < 0.02]
    assert alone
    assert all(row["stability"] is None and row["null_silhouette"] is None for row in alone)


@pytest.mark.parametrize("algorithm", REGISTRY)
def test_order_of_rows_and_number_of_threads_change_nothing(table_of, blobs, settings_with, algorithm) -> None:
    from threadpoolctl import threadpool_limits

    settings = settings_with(algorithms=(algorithm,), k_max=4)
    table = table_of(blobs[0])
    shuffled = table.take(np.random.default_rng(3).permutation(len(table)))
    with threadpool_limits(1):
        one = evaluate_candidates(table, settings)
    with threadpool_limits(2):
        two = evaluate_candidates(shuffled, settings)
    assert one.equals(two)


def test_the_silhouette_of_a_part_is_close_to_that_of_all(table_of, blobs, settings_with) -> None:
    settings = settings_with(algorithms=("kmeans",))
    table = table_of(blobs[0])
    whole = evaluate_candidates(table, settings).column("silhouette").to_pylist()[1:]
    part = evaluate_candidates(table, settings_with(algorithms=("kmeans",), silhouette_rows=200))
    assert part.column("silhouette").to_pylist()[1:] == pytest.approx(whole, abs=0.05)


def test_an_algorithm_sees_no_more_rows_than_it_may(table_of, blobs, settings_with) -> None:
    settings = settings_with(
        algorithms=("agglomerative",), algorithm_sample_rows={"kmeans": 2000, "agglomerative": 200}
    )
    rows = evaluate_candidates(table_of(blobs[0]), settings).to_pylist()
    assert {row["fit_rows"] for row in rows if row["algorithm"] == "agglomerative"} == {200}
    assert {row["fit_rows"] for row in rows if row["algorithm"] == "kmeans"} == {650}


def test_what_is_pinned_is_tried_although_it_is_not_listed(table_of, blobs, settings_with) -> None:
    settings = settings_with(algorithms=("kmeans",), pinned_algorithm="gaussian_mixture", pinned_k=9)
    tried = evaluate_candidates(table_of(blobs[0]), settings).column("candidate_id").to_pylist()
    assert {"kmeans_09", "gaussian_mixture_09"} <= set(tried)


def meta_of(settings: FitSettings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in FitSettings.__dataclass_fields__}


def test_settings_are_read_from_the_meta_of_a_model(settings_with) -> None:
    settings = settings_with(pinned_k=5)
    assert FitSettings.from_meta(meta_of(settings)) == settings


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"algorithms": ["kmeans", "astrology"]}, "got astrology"),
        ({"pinned_algorithm": "astrology"}, "got astrology"),
        ({"min_fidelity": {"kmeans": 1.0}}, "got bisecting_kmeans"),
        ({"k_min": "many"}, "every setting of a fit"),
        ({"restarts": None}, "every setting of a fit"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings_with, changes, expected) -> None:
    with pytest.raises(ModelInputError, match=expected):
        FitSettings.from_meta({**meta_of(settings_with()), **changes})


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"f0": [1.0]}, "a column influencer_key"),
        ({"influencer_key": ["a", "b"]}, "at least one feature"),
        ({"influencer_key": ["a", "a"], "f0": [1.0, 2.0]}, "one row per influencer_key"),
        ({"influencer_key": ["a", None], "f0": [1.0, 2.0]}, "one row per influencer_key"),
        ({"influencer_key": ["a"], "f0": ["many"]}, "numbers in feature f0"),
        ({"influencer_key": ["a", "b"], "f0": [1.0, None]}, "a finite number"),
        ({"influencer_key": ["a", "b"], "f0": [1.0, float("inf")]}, "a finite number"),
    ],
)
def test_tables_that_do_not_fit_are_refused_with_the_reason(columns, expected, settings_with) -> None:
    with pytest.raises(ModelInputError, match=expected):
        evaluate_candidates(pa.table(columns), settings_with())


def test_nobody_has_no_prototypes_and_no_stability(table_of, settings_with) -> None:
    none = pa.table({"candidate_id": pa.array([], pa.string())})
    assert fit_prototypes(table_of(np.zeros((0, 3))), none, settings_with()).equals(SCHEMA.empty_table())
    assert cluster_stability(table_of(np.zeros((0, 3))), none, settings_with()).num_rows == 0
