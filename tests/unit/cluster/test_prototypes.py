"""Prototypes: canonical, repeatable, and enough to label every row as the algorithm did."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from tribu.cluster import cluster_stability, fit_prototypes
from tribu.cluster.algorithms import REGISTRY, Trial, fit_trial
from tribu.cluster.model import canonical_labels, prototype_model
from tribu.cluster.resampling import _best_jaccards
from tribu.errors import ModelInputError

TRIALS = [
    Trial("kmeans", 4),
    Trial("bisecting_kmeans", 4),
    Trial("gaussian_mixture", 4),
    Trial("agglomerative", 4),
    Trial("dbscan", None, 0.8),
    Trial("hdbscan", None, 0.03),
]


def selection(*candidate_ids: str) -> pa.Table:
    return pa.table({"candidate_id": pa.array(candidate_ids, pa.string())})


def centres_of(prototypes: pa.Table, features: int) -> np.ndarray:
    return prototypes.column("centre").to_numpy().reshape(-1, features)


@pytest.fixture(scope="module")
def scattered(blobs) -> np.ndarray:
    """The clouds, and 30 points far from all of them."""
    far = np.random.default_rng(9).uniform(-30, 30, size=(30, 3))
    return np.vstack([blobs[0], far[np.linalg.norm(far, axis=1) > 15]])


@pytest.mark.parametrize("trial", TRIALS, ids=[trial.algorithm for trial in TRIALS])
def test_every_algorithm_finds_the_clouds_and_its_prototypes_give_them_back(blobs, settings_with, trial) -> None:
    values, truth = blobs
    settings = settings_with()
    fitted = fit_trial(trial, values, settings, seed=1, restarts=5)
    assert fitted.fidelity(values) >= settings.min_fidelity[trial.algorithm]
    inside = fitted.labels >= 0
    assert adjusted_rand_score(truth[inside], fitted.labels[inside]) > 0.95
    sizes = np.bincount(fitted.labels[inside])
    assert list(sizes) == sorted(sizes, reverse=True)


def test_labels_are_those_of_scikit_learn(blobs, settings_with) -> None:
    """Against the library itself, not against the registry that calls it."""
    values, _ = blobs
    references = {
        "kmeans": KMeans(4, n_init=5, random_state=1).fit_predict(values),
        "gaussian_mixture": GaussianMixture(
            4, covariance_type="diag", n_init=2, reg_covar=0.01, max_iter=200, random_state=1
        ).fit_predict(values),
        "agglomerative": AgglomerativeClustering(4).fit_predict(values),
        "hdbscan": HDBSCAN(min_cluster_size=20, min_samples=10, copy=True).fit_predict(values),
    }
    for trial in TRIALS:
        if trial.algorithm in references:
            fitted = fit_trial(trial, values, settings_with(), seed=1, restarts=5)
            assert adjusted_rand_score(references[trial.algorithm], fitted.labels) == 1.0, trial.algorithm


def test_a_mixture_scores_by_its_log_densities(blobs, settings_with) -> None:
    values, _ = blobs
    model = fit_trial(Trial("gaussian_mixture", 4), values, settings_with(), seed=1, restarts=5).model
    reference = GaussianMixture(4, covariance_type="diag", n_init=2, reg_covar=0.01, random_state=1).fit(values)
    scores = model.bias - np.stack(
        [((values - c) ** 2 * w).sum(1) for c, w in zip(model.centres, model.weights, strict=True)], axis=1
    )
    odds = np.sort(reference._estimate_log_prob(values) + reference._estimate_log_weights(), axis=1)
    assert np.diff(np.sort(scores, axis=1)) == pytest.approx(np.diff(odds), abs=1e-5)


def test_outside_every_radius_is_noise() -> None:
    model = prototype_model(
        np.array([0, 1]), np.array([[0.0, 0.0], [10.0, 0.0]]), radius=np.array([1.0, 2.0]), bias=np.array([0.0, 0.0])
    )
    rows = np.array([[0.5, 0.0], [1.0, 0.0], [1.5, 0.0], [8.0, 0.0], [50.0, 0.0]])
    assert model.assign(rows).tolist() == [0, 0, -1, 1, -1]


def test_the_radius_is_compared_with_the_weighted_distance() -> None:
    model = prototype_model(
        np.array([0]), np.array([[0.0, 0.0]]), weights=np.array([[4.0, 0.25]]), radius=np.array([1.0])
    )
    assert model.assign(np.array([[0.5, 0.0], [0.51, 0.0], [0.0, 2.0], [0.0, 2.01]])).tolist() == [0, -1, 0, -1]


def test_a_nearer_prototype_out_of_reach_does_not_take_a_row_from_one_within() -> None:
    model = prototype_model(np.array([0, 1]), np.array([[0.0], [3.0]]), radius=np.array([1.0, 2.0]))
    assert model.assign(np.array([[1.4]])).tolist() == [1]


@pytest.mark.parametrize("trial", TRIALS[-2:], ids=["dbscan", "hdbscan"])
def test_noise_comes_back_as_noise(scattered, settings_with, trial) -> None:
    fitted = fit_trial(trial, scattered, settings_with(), seed=1, restarts=1)
    noise = fitted.labels == -1
    assert noise.sum() > 15
    assert fitted.fidelity(scattered) >= 0.95
    assert (fitted.model.assign(scattered)[650:] == -1).mean() > 0.9
    assert np.isfinite(fitted.model.radius).all()


def test_several_prototypes_serve_a_cluster_that_one_cannot(settings_with) -> None:
    """Two half-moons: no two centres tell them apart."""
    from sklearn.datasets import make_moons

    moons, truth = make_moons(400, noise=0.04, random_state=3)
    trial = Trial("dbscan", None, 0.97)
    fitted = fit_trial(trial, moons, settings_with(), seed=1, restarts=1)
    assert len(fitted.model.centres) > 2
    assert fitted.fidelity(moons) >= 0.95
    inside = fitted.labels >= 0
    assert adjusted_rand_score(truth[inside], fitted.model.assign(moons)[inside]) > 0.95
    coarse = fit_trial(trial, moons, settings_with(prototypes_per_cluster=(1,)), seed=1, restarts=1)
    assert coarse.fidelity(moons) < fitted.fidelity(moons)


def test_prototypes_are_written_largest_cluster_first(table_of, blobs, settings_with) -> None:
    prototypes = fit_prototypes(table_of(blobs[0]), selection("kmeans_04"), settings_with())
    assert prototypes.column("prototype_id").to_pylist() == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert prototypes.column("cluster_ordinal").to_pylist() == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert prototypes.column("feature").to_pylist() == ["f0", "f1", "f2"] * 4
    assert set(prototypes.column("weight").to_pylist()) == {1.0}
    assert set(prototypes.column("bias").to_pylist()) == {0.0}
    assert prototypes.column("radius").null_count == 12
    centres = centres_of(prototypes, 3)
    assert (np.round(centres, 9) == centres).all()


@pytest.mark.parametrize("algorithm", REGISTRY)
def test_the_same_prototypes_from_any_order_of_rows_and_number_of_threads(
    table_of, scattered, settings_with, algorithm
) -> None:
    from threadpoolctl import threadpool_limits

    (trial,) = [trial for trial in TRIALS if trial.algorithm == algorithm]
    table = table_of(scattered)
    shuffled = table.take(np.random.default_rng(3).permutation(len(table)))
    with threadpool_limits(1):
        one = fit_prototypes(table, selection(trial.candidate_id), settings_with())
    with threadpool_limits(2):
        two = fit_prototypes(shuffled, selection(trial.candidate_id), settings_with())
    assert one.num_rows > 0
    assert one.equals(two)


def test_equal_sizes_are_ordered_by_their_means() -> None:
    values = np.array([[5.0, 1.0], [5.0, 1.0], [5.0, 0.0], [5.0, 0.0], [9.0, 9.0], [9.0, 9.0], [9.0, 9.0], [0.0, 0.0]])
    assert canonical_labels(np.array([4, 4, 1, 1, 2, 2, 2, -1]), values).tolist() == [2, 2, 1, 1, 0, 0, 0, -1]


def test_one_cluster_is_the_mean_of_everybody(table_of, blobs, settings_with) -> None:
    prototypes = fit_prototypes(table_of(blobs[0]), selection("kmeans_01"), settings_with())
    assert centres_of(prototypes, 3)[0] == pytest.approx(blobs[0].mean(axis=0), abs=1e-8)


def test_two_winners_or_an_unknown_candidate_are_refused(table_of, blobs, settings_with) -> None:
    with pytest.raises(ModelInputError, match="one selected candidate"):
        fit_prototypes(table_of(blobs[0]), selection("kmeans_03", "kmeans_04"), settings_with())
    with pytest.raises(ModelInputError, match="astrology"):
        fit_prototypes(table_of(blobs[0]), selection("astrology_03"), settings_with())


def test_jaccards_of_a_hand_made_case() -> None:
    """Cluster 0 comes back whole, cluster 1 is cut in two thirds and one third, cluster 2 is not in the half."""
    labels = np.array([0, 0, 0, 1, 1, 1, -1])
    others = np.array([2, 2, 2, 0, 0, 1, 1])
    zero, one, two = _best_jaccards(labels, others, 3)
    assert (zero, one) == (1.0, pytest.approx(2 / 3))
    assert np.isnan(two)


def test_true_clusters_are_highly_stable_and_a_split_cloud_is_not(table_of, blobs, settings_with) -> None:
    right = cluster_stability(table_of(blobs[0]), selection("kmeans_04"), settings_with())
    assert min(right.column("stability").to_pylist()) > 0.85
    assert right.column("cluster_ordinal").to_pylist() == [1, 2, 3, 4]
    assert set(right.column("resamples_count").to_pylist()) == {6}
    wrong = cluster_stability(table_of(blobs[0]), selection("kmeans_06"), settings_with())
    assert min(wrong.column("stability").to_pylist()) < 0.75


def test_one_cluster_of_everybody_has_no_stability(table_of, blobs, settings_with) -> None:
    (row,) = cluster_stability(table_of(blobs[0]), selection("kmeans_01"), settings_with()).to_pylist()
    assert (row["stability"], row["resamples_count"]) == (None, 0)
