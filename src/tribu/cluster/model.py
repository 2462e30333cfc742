"""A model as prototypes, and the twin in NumPy of the SQL that scores it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

NOISE: Final = -1
"""Label of those outside every radius."""

DECIMALS: Final = 9
"""What is published of a centre, weight, bias or radius: the bits behind the ninth decimal belong to the machine."""


@dataclass(frozen=True)
class PrototypeModel:
    """Prototypes: ``score = bias − Σ weight · (x − centre)²``; the highest score wins.

    A prototype with a radius takes part only for rows within it. The distance that is compared with the radius is
    the root of ``Σ weight · (x − centre)²``: the one that the score uses, so that a radius means the same whatever
    the weights. A row outside every radius is noise.

    Attributes
    ----------
    clusters
        Shape (prototypes,), int64, 0 … k − 1, ascending; cluster 0 is the largest.
    centres, weights
        Shape (prototypes, features), rounded to `DECIMALS`.
    bias
        Shape (prototypes,).
    radius
        Shape (prototypes,); infinite where everybody belongs somewhere.
    """

    clusters: NDArray[np.int64]
    centres: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    radius: NDArray[np.float64]

    @property
    def k(self) -> int:
        """Number of clusters."""
        return int(self.clusters.max()) + 1

    def assign(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """Label rows of shape (rows, features); of equal scores the first prototype wins, as in SQL."""
        # Differences, not the expanded square: the expansion cancels digits, and SQL computes differences too.
        if (self.weights == 1).all():
            from scipy.spatial.distance import cdist

            return self._labels(cdist(values, self.centres, "sqeuclidean"))
        squared = np.stack(
            [
                ((values - centre) ** 2 * weight).sum(axis=1)
                for centre, weight in zip(self.centres, self.weights, strict=True)
            ],
            axis=1,
        )
        return self._labels(squared)

    def _labels(self, squared: NDArray[np.float64]) -> NDArray[np.int64]:
        scores = np.where(np.sqrt(squared) <= self.radius, self.bias - squared, -np.inf)
        best = scores.argmax(axis=1)
        inside = scores[np.arange(len(squared)), best] > -np.inf
        return np.where(inside, self.clusters[best], NOISE).astype(np.int64)


def prototype_model(
    clusters: NDArray[np.int64],
    centres: NDArray[np.float64],
    *,
    weights: NDArray[np.float64] | None = None,
    bias: NDArray[np.float64] | None = None,
    radius: NDArray[np.float64] | None = None,
) -> PrototypeModel:
    """Round and order prototypes, so that any machine publishes the same; what is not given is that of k-means."""
    count = len(centres)
    rounded = rounded_numbers(centres)
    # lexsort takes the last key first: by cluster, then by the centre from the first feature on.
    order = np.lexsort((*rounded.T[::-1], clusters))
    return PrototypeModel(
        clusters=clusters[order].astype(np.int64),
        centres=rounded[order],
        weights=rounded_numbers(np.ones_like(centres) if weights is None else weights)[order],
        bias=rounded_numbers(np.zeros(count) if bias is None else bias)[order],
        radius=rounded_numbers(np.full(count, np.inf) if radius is None else radius)[order],
    )


def rounded_numbers(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to `DECIMALS`."""
    return np.round(values, DECIMALS) + 0.0  # + 0.0 turns -0.0 into 0.0


def canonical_labels(labels: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number clusters as any run does: the largest first, equals by their means from the first feature on.

    Labels of shape (rows,), `NOISE` stays; the result counts from 0 without gaps.
    """
    found = np.unique(labels[labels != NOISE])
    sizes = np.array([(labels == label).sum() for label in found])
    means = rounded_numbers(np.array([values[labels == label].mean(axis=0) for label in found]))
    order = np.lexsort((*means.reshape(len(found), values.shape[1]).T[::-1], -sizes)) if len(found) else found
    number = {int(found[position]): rank for rank, position in enumerate(order)}
    return np.array([number.get(int(label), NOISE) for label in labels], dtype=np.int64)
