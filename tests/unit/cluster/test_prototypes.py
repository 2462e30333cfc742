"""Prototypes: canonical, repeatable, and enough to label every row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score

from tribu.cluster import fit_prototypes
from tribu.cluster.kmeans import canonical_order, fit_kmeans, nearest
from tribu.errors import ModelInputError


def selection(k: int, algorithm: str = "kmeans") -> pa.Table:
    return pa.table({"algorithm": [algorithm], "k": [k], "random_seed": [1]})


def centres_of(prototypes: pa.Table, features: int) -> np.ndarray:
    return prototypes.column("centre").to_numpy().reshape(-1, features)


def test_prototypes_recover_the_clouds_largest_first(table_of, blobs) -> None:
    values, truth = blobs
    prototypes = fit_prototypes(table_of(values), selection(4), restarts=5)
    labels = nearest(values, centres_of(prototypes, 3))
    assert adjusted_rand_score(truth, labels) > 0.98
    sizes = np.bincount(labels)
    assert list(sizes) == sorted(sizes, reverse=True)
    assert prototypes.column("prototype_id").to_pylist() == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert prototypes.column("feature").to_pylist() == ["f0", "f1", "f2"] * 4
    assert set(prototypes.column("weight").to_pylist()) == {1.0}
    assert set(prototypes.column("bias").to_pylist()) == {0.0}
    assert prototypes.column("radius").null_count == 12


def test_the_same_prototypes_from_any_order_of_rows_and_number_of_threads(table_of, blobs) -> None:
    from threadpoolctl import threadpool_limits

    table = table_of(blobs[0])
    shuffled = table.take(np.random.default_rng(3).permutation(len(table)))
    with threadpool_limits(1):
        one = fit_prototypes(table, selection(5), restarts=5)
    with threadpool_limits(2):
        two = fit_prototypes(shuffled, selection(5), restarts=5)
    assert one.equals(two)


def test_labels_of_a_fit_are_those_of_its_rounded_centres(blobs) -> None:
    partition = fit_kmeans(blobs[0], k=6, restarts=3, seed=2)
    assert (partition.labels == nearest(blobs[0], partition.centres)).all()
    assert (np.round(partition.centres, 9) == partition.centres).all()
    assert partition.inertia == pytest.approx(((blobs[0] - partition.centres[partition.labels]) ** 2).sum())


def test_equal_sizes_are_ordered_by_their_centres() -> None:
    labels = np.array([0, 0, 1, 1, 2, 2, 2])
    centres = np.array([[5.0, 1.0], [5.0, 0.0], [9.0, 9.0]])
    assert canonical_order(labels, centres).tolist() == [2, 1, 0]


def test_nothing_selected_gives_no_prototypes(table_of) -> None:
    empty = selection(1).slice(0, 0)
    assert fit_prototypes(table_of(np.zeros((0, 3))), empty, restarts=1).num_rows == 0


def test_one_cluster_is_the_mean_of_everybody(table_of, blobs) -> None:
    prototypes = fit_prototypes(table_of(blobs[0]), selection(1), restarts=1)
    assert centres_of(prototypes, 3)[0] == pytest.approx(blobs[0].mean(axis=0), abs=1e-8)


def test_two_winners_or_an_unknown_algorithm_are_refused(table_of, blobs) -> None:
    with pytest.raises(ModelInputError, match="one selected candidate"):
        fit_prototypes(table_of(blobs[0]), pa.concat_tables([selection(3), selection(4)]), restarts=1)
    with pytest.raises(ModelInputError, match="astrology"):
        fit_prototypes(table_of(blobs[0]), selection(3, "astrology"), restarts=1)
