"""How good a partition of the sample is, by the usual internal measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class InternalScores:
    """Internal measures of one partition; None where a measure is not defined (fewer than two clusters).

    Attributes
    ----------
    silhouette
        Mean silhouette width, −1 … 1, higher is better (Rousseeuw 1987).
    davies_bouldin
        0 and up, lower is better (Davies and Bouldin 1979).
    calinski_harabasz
        0 and up, higher is better (Caliński and Harabasz 1974).
    smallest_share, largest_share
        Share of the rows in the smallest and the largest cluster, 0–1.
    """

    silhouette: float | None
    davies_bouldin: float | None
    calinski_harabasz: float | None
    smallest_share: float
    largest_share: float


def internal_scores(values: NDArray[np.float64], labels: NDArray[np.int64], *, silhouette_rows: int) -> InternalScores:
    """Measure a partition.

    Parameters
    ----------
    values
        Shape (rows, features), at least one row.
    labels
        Shape (rows,).
    silhouette_rows
        Most rows that the silhouette, whose cost is quadratic, is measured on. Above it, evenly spaced rows are
        taken; rows come sorted by a hash, so that is a random choice that repeats.
    """
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

    sizes = np.bincount(labels)
    shares = sizes[sizes > 0] / len(labels)
    smallest, largest = float(shares.min()), float(shares.max())
    if len(shares) < 2 or len(shares) >= len(labels):
        return InternalScores(None, None, None, smallest, largest)
    chosen = np.unique(np.linspace(0, len(labels) - 1, min(silhouette_rows, len(labels))).astype(np.int64))
    silhouette = None
    if 2 <= len(np.unique(labels[chosen])) < len(chosen):
        silhouette = float(silhouette_score(values[chosen], labels[chosen]))
    return InternalScores(
        silhouette=silhouette,
        davies_bouldin=float(davies_bouldin_score(values, labels)),
        calinski_harabasz=float(calinski_harabasz_score(values, labels)),
        smallest_share=smallest,
        largest_share=largest,
    )
