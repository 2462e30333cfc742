"""How good a partition of the sample is, by the usual internal measures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tribu.cluster.model import NOISE


@dataclass(frozen=True)
class InternalScores:
    """Internal measures of one partition; None where a measure is not defined (fewer than two clusters).

    Attributes
    ----------
    silhouette
        See `silhouette`.
    davies_bouldin
        0 and up, lower is better (Davies and Bouldin 1979); noise left out.
    calinski_harabasz
        0 and up, higher is better (Caliński and Harabasz 1974); noise left out.
    inertia
        Sum of squared distances of the members to their clusters' means.
    smallest_share, largest_share
        Share of the rows in the smallest and the largest cluster, 0–1.
    noise_share
        Share of the rows outside every cluster, 0–1.
    """

    silhouette: float | None
    davies_bouldin: float | None
    calinski_harabasz: float | None
    inertia: float
    smallest_share: float
    largest_share: float
    noise_share: float


def internal_scores(
    values: NDArray[np.float64], labels: NDArray[np.int64], *, k: int, silhouettes: SilhouetteSample
) -> InternalScores:
    """Measure a partition.

    Parameters
    ----------
    values
        Shape (rows, features), at least one row.
    labels
        Shape (rows,), 0 … k − 1, or `NOISE`.
    k
        Number of clusters, those without a row among them.
    silhouettes
        Of the same values: partitions of one table share it.
    """
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

    members = labels != NOISE
    inside, own = values[members], labels[members]
    shares = np.bincount(own, minlength=k) / len(labels)
    means = {label: inside[own == label].mean(axis=0) for label in np.unique(own)}
    compared = 2 <= len(means) < len(own)
    return InternalScores(
        silhouette=silhouettes.silhouette(labels),
        davies_bouldin=float(davies_bouldin_score(inside, own)) if compared else None,
        calinski_harabasz=float(calinski_harabasz_score(inside, own)) if compared else None,
        inertia=float(sum(((inside[own == label] - mean) ** 2).sum() for label, mean in means.items())),
        smallest_share=float(shares.min()),
        largest_share=float(shares.max()),
        noise_share=float(1 - members.mean()),
    )


class SilhouetteSample:
    """The rows of a table on which silhouettes are measured, and their distances, which all its partitions share.

    Parameters
    ----------
    values
        Shape (rows, features).
    rows
        Most rows that are measured on, for time and memory are quadratic. Above it, evenly spaced rows are taken; rows
        come sorted by a hash, so that is a random choice that repeats.
    """

    def __init__(self, values: NDArray[np.float64], rows: int) -> None:
        self._values = values
        self._chosen = np.unique(np.linspace(0, len(values) - 1, min(rows, len(values))).astype(np.int64))

    @cached_property
    def _distances(self) -> NDArray[np.float64]:
        from sklearn.metrics import pairwise_distances

        distances: NDArray[np.float64] = pairwise_distances(self._values[self._chosen])
        return distances

    def silhouette(self, labels: NDArray[np.int64]) -> float | None:
        """Mean silhouette width (Rousseeuw 1987), −1 … 1, higher is better; None with fewer than two clusters.

        Noise counts as 0, neither well nor badly placed. Left out, an algorithm would look the better the more it
        discards; as a cluster of its own, the worse.

        Parameters
        ----------
        labels
            Shape (rows,), of every row of the table.
        """
        from sklearn.metrics import silhouette_score

        own = labels[self._chosen]
        inside = own != NOISE
        if not 2 <= len(np.unique(own[inside])) < inside.sum():
            return None
        distances = self._distances if inside.all() else self._distances[np.ix_(inside, inside)]
        return float(silhouette_score(distances, own[inside], metric="precomputed")) * float(inside.mean())
