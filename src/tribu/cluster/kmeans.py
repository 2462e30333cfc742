"""k-means with labels and centres that do not depend on luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Centres differ in the last bits between one thread and two; nine decimals of a standard deviation are enough to
# place anybody and few enough to repeat.
CENTRE_DECIMALS = 9


@dataclass(frozen=True)
class Partition:
    """A clustering of a sample.

    Attributes
    ----------
    labels
        Shape (rows,), 0 … k − 1; cluster 0 is the largest.
    centres
        Shape (k, features), rounded to ``CENTRE_DECIMALS``.
    inertia
        Sum of squared distances of the rows to their centres.
    """

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    inertia: float


def fit_kmeans(values: NDArray[np.float64], *, k: int, restarts: int, seed: int) -> Partition:
    """Fit Lloyd's k-means from the best of several k-means++ starts.

    Parameters
    ----------
    values
        Shape (rows, features).
    k
        Number of clusters, at most the number of distinct rows.
    restarts
        Number of starts; the smallest inertia wins.
    seed
        Seed of the starts.

    Notes
    -----
    Labels are canonical (`canonical_order`). The rows are then labelled anew by their nearest rounded centre, so that
    the labels are exactly those that the published prototypes give.
    """
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters=k, n_init=restarts, random_state=seed).fit(values)
    centres = np.round(model.cluster_centers_, CENTRE_DECIMALS) + 0.0  # + 0.0 turns -0.0 into 0.0
    order = canonical_order(nearest(values, centres), centres)
    centres = centres[order]
    labels = nearest(values, centres)
    inertia = float(((values - centres[labels]) ** 2).sum())
    return Partition(labels=labels, centres=centres, inertia=inertia)


def nearest(values: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the nearest centre of each row, shape (rows,); the first of equals."""
    # Differences, not the expanded square: the expansion cancels digits, and SQL computes differences too.
    distances = np.stack([((values - centre) ** 2).sum(axis=1) for centre in centres], axis=1)
    return np.asarray(distances.argmin(axis=1), dtype=np.int64)


def canonical_order(labels: NDArray[np.int64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order of the clusters that any run gives: largest first, equals by their centres from the first feature on."""
    sizes = np.bincount(labels, minlength=len(centres))
    # lexsort takes the last key first.
    return np.lexsort((*centres.T[::-1], -sizes)).astype(np.int64)
