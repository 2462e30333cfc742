"""Points with a known answer, as the tables that the library takes, and settings like the project's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from tribu.cluster import FitSettings
from tribu.cluster.algorithms import REGISTRY

TableOf = Callable[[NDArray[np.float64]], pa.Table]

SETTINGS = FitSettings(
    algorithms=tuple(REGISTRY),
    algorithm_sample_rows=dict.fromkeys(REGISTRY, 2000),
    min_fidelity={
        "kmeans": 1.0,
        "bisecting_kmeans": 1.0,
        "gaussian_mixture": 0.999,
        "agglomerative": 0.98,
        "dbscan": 0.95,
        "hdbscan": 0.95,
    },
    k_min=3,
    k_max=6,
    restarts=5,
    mixture_restarts=2,
    mixture_min_variance=0.01,
    prototypes_per_cluster=(1, 8, 32),
    radius_quantiles=(0.99, 1.0),
    density_min_samples=10,
    dbscan_eps_quantiles=(0.8, 0.97),
    hdbscan_min_cluster_shares=(0.03,),
    silhouette_rows=5000,
    resample_rows=1000,
    resamples=4,
    cluster_resamples=6,
    null_draws=2,
    min_cluster_share=0.01,
    max_noise_share=0.2,
    random_seed=1,
    pinned_algorithm=None,
    pinned_k=None,
)


@pytest.fixture(scope="session")
def settings_with() -> Callable[..., FitSettings]:
    """The settings, with some replaced."""
    return lambda **changes: replace(SETTINGS, **changes)


@pytest.fixture(scope="session")
def table_of() -> TableOf:
    def build(values: NDArray[np.float64]) -> pa.Table:
        columns = {"influencer_key": pa.array([f"i{row:05d}" for row in range(len(values))], pa.string())}
        columns |= {f"f{column}": pa.array(values[:, column], pa.float64()) for column in range(values.shape[1])}
        return pa.table(columns)

    return build


@pytest.fixture(scope="session")
def blobs() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Four clouds of 300, 200, 100 and 50 points around corners that are six standard deviations apart, rows mixed."""
    rng = np.random.default_rng(7)
    corners = np.array([[0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]], dtype=float)
    labels = rng.permutation(np.repeat(np.arange(4), [300, 200, 100, 50]))
    return corners[labels] + rng.normal(size=(650, 3)), labels
