"""Axes: the principal components, with a sign that does not flip."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from tribu.cluster import pca_axes
from tribu.cluster.projection import SCHEMA


def loadings_of(axes, features: int) -> np.ndarray:
    return axes.column("loading").to_numpy().reshape(3, features)


def test_positions_are_those_of_principal_components(table_of, blobs) -> None:
    values = blobs[0] @ np.array([[2.0, 0.3, 0.0, 0.1], [0.0, 1.0, 0.5, 0.0], [0.1, 0.0, 0.2, 1.0]])
    axes = pca_axes(table_of(values))
    positions = (values - axes.column("mean").to_numpy()[:4]) @ loadings_of(axes, 4).T
    reference = PCA(3, svd_solver="full").fit(values)
    assert np.abs(positions) == pytest.approx(np.abs(reference.transform(values)), abs=1e-6)
    shares = axes.column("explained_variance_ratio").to_numpy()[::4]
    assert shares == pytest.approx(reference.explained_variance_ratio_, abs=1e-8)


def test_axes_are_numbered_from_one_and_name_every_feature(table_of, blobs) -> None:
    axes = pca_axes(table_of(blobs[0]))
    assert axes.schema.equals(SCHEMA)
    features = axes.column("feature").to_pylist()[:3]
    assert len(set(features)) == 3
    assert axes.column("feature").to_pylist() == features * 3
    assert axes.column("axis").to_pylist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_two_different_rows_have_one_axis(table_of) -> None:
    axes = pca_axes(table_of(np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])))
    assert axes.column("loading").to_pylist()[:2] == pytest.approx([0.6, 0.8])
    assert axes.column("explained_variance_ratio").to_pylist()[0] == pytest.approx(1.0)


def test_the_strongest_loading_of_each_axis_is_positive(table_of, blobs) -> None:
    for sign in (1, -1):
        loadings = loadings_of(pca_axes(table_of(sign * blobs[0])), 3)
        strongest = np.abs(loadings).argmax(axis=1)
        assert (loadings[np.arange(3), strongest] > 0).all()


@pytest.mark.parametrize("rows", [1, 2, 30])
def test_samples_without_spread_have_axes_of_nothing(table_of, rows) -> None:
    axes = pca_axes(table_of(np.ones((rows, 4))))
    assert axes.num_rows == 12
    assert set(axes.column("loading").to_pylist()) == {0.0}
    assert set(axes.column("explained_variance_ratio").to_pylist()) == {0.0}


def test_fewer_features_than_axes(table_of) -> None:
    axes = pca_axes(table_of(np.arange(10, dtype=float)[:, None]))
    assert axes.column("explained_variance_ratio").to_pylist() == [1.0, 0.0, 0.0]


def test_order_of_rows_changes_nothing(table_of, blobs) -> None:
    table = table_of(blobs[0])
    assert pca_axes(table).equals(pca_axes(table.take(np.random.default_rng(3).permutation(len(table)))))


def test_nobody_has_no_axes(table_of) -> None:
    assert pca_axes(table_of(np.ones((0, 4)))).num_rows == 0
