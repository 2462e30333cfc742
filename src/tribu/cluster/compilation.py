"""From labels to prototypes, for algorithms whose clusters have any shape: k-means within each cluster."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from tribu.cluster.model import NOISE, PrototypeModel, prototype_model

# Under this many members a quantile of their distances says nothing of the prototype's reach.
_FEW = 5


def compile_labels(
    values: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    prototypes_per_cluster: tuple[int, ...],
    radius_quantiles: tuple[float, ...],
    floor: float,
    seed: int,
) -> PrototypeModel:
    """Describe a labelling by prototypes: the smallest model that reaches the floor, or else the most faithful.

    Parameters
    ----------
    values, labels
        Shape (rows, features) and (rows,); canonical labels with at least one cluster.
    prototypes_per_cluster
        Numbers to try, ascending. More is not always better: small prototypes reach into the neighbours.
    radius_quantiles
        Where there is noise, the radius of a prototype is a quantile of its members' distances; those to try for each
        number, in order of preference.
    floor
        Share of rows that must get their own label back.
    seed
        Of the k-means within.
    """
    best: tuple[float, PrototypeModel] | None = None
    # Without noise there is no radius, and nothing to choose.
    quantiles = radius_quantiles if (labels == NOISE).any() else radius_quantiles[:1]
    for number, quantile in product(prototypes_per_cluster, quantiles):
        model = _model(values, labels, number, quantile, seed)
        agreement = float((model.assign(values) == labels).mean())
        if best is None or agreement > best[0]:
            best = agreement, model
        if agreement >= floor:
            break
    assert best is not None, "prototypes_per_cluster or radius_quantiles names no number"
    return best[1]


def _model(
    values: NDArray[np.float64], labels: NDArray[np.int64], number: int, radius_quantile: float, seed: int
) -> PrototypeModel:
    from sklearn.cluster import KMeans

    clusters, centres, radii = [], [], []
    noisy = bool((labels == NOISE).any())
    for cluster in range(int(labels.max()) + 1):
        members = values[labels == cluster]
        within = KMeans(n_clusters=min(number, len(np.unique(members, axis=0))), n_init=1, random_state=seed).fit(
            members
        )
        distances = np.sqrt(((members - within.cluster_centers_[within.labels_]) ** 2).sum(axis=1))
        common = float(np.quantile(distances, radius_quantile))
        for position, centre in enumerate(within.cluster_centers_):
            own = distances[within.labels_ == position]
            reach = common if len(own) < _FEW else float(np.quantile(own, radius_quantile))
            clusters.append(cluster)
            centres.append(centre)
            # One unit of the last published decimal more, or rounding would put a member at the edge outside.
            radii.append(reach + 1e-9 if noisy else np.inf)
    return prototype_model(np.array(clusters), np.array(centres), radius=np.array(radii))
