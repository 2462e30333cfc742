"""The algorithms: one small function each, behind a declared registry. Tribu writes none of them itself."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tribu.cluster.compilation import compile_labels
from tribu.cluster.model import NOISE, PrototypeModel, canonical_labels, prototype_model
from tribu.cluster.settings import FitSettings

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """One algorithm with one setting: its number of clusters, or what takes that place.

    Attributes
    ----------
    algorithm
        Name in `REGISTRY`.
    k
        Number of clusters; None where the algorithm finds it itself.
    setting
        Quantile of neighbour distances (DBSCAN) or smallest cluster's share (HDBSCAN); None where k says it all.
    """

    algorithm: str
    k: int | None
    setting: float | None = None

    @property
    def candidate_id(self) -> str:
        """Name of the candidate, such as ``kmeans_05`` or ``dbscan_q0.90``."""
        if self.setting is None:
            return f"{self.algorithm}_{self.k:02d}"
        return f"{self.algorithm}_{'q' if self.algorithm == 'dbscan' else 's'}{self.setting:.2f}"


@dataclass(frozen=True)
class Fitted:
    """What a fit gives.

    Attributes
    ----------
    labels
        The algorithm's own labels of the rows that it saw, canonical; `NOISE` for noise.
    compiled
        Writes the same as prototypes; see `model`.
    bic
        Bayesian information criterion, lower is better; None where there is no likelihood.
    """

    labels: NDArray[np.int64]
    compiled: Callable[[], PrototypeModel]
    bic: float | None = None

    @cached_property
    def model(self) -> PrototypeModel:
        """The fit as prototypes. Compiled when asked for: refits on resamples are known by their labels."""
        return self.compiled()

    def fidelity(self, values: Values) -> float:
        """Share of the rows of the fit to which the prototypes give the algorithm's own label, noise included."""
        return float((self.model.assign(values) == self.labels).mean())


def fit_trial(trial: Trial, values: Values, settings: FitSettings, *, seed: int, restarts: int) -> Fitted | None:
    """Fit one trial; None where it finds no cluster, or there are too few different rows for it.

    Parameters
    ----------
    values
        Shape (rows, features).
    seed, restarts
        Seed of the starts and their number, where the algorithm has random starts; the best is kept.
    """
    distinct = len(np.unique(values, axis=0)) if len(values) else 0
    # k equal to the number of distinct rows is a list of the rows, not a clustering.
    if distinct < 1 or (trial.k is None and distinct < 3) or (trial.k is not None and 1 < distinct <= trial.k):
        return None
    if trial.k is not None and trial.k > distinct:
        return None
    return REGISTRY[trial.algorithm].fit(values, trial, settings, seed, restarts)


def _kmeans(values: Values, trial: Trial, settings: FitSettings, seed: int, restarts: int) -> Fitted:
    from sklearn.cluster import KMeans

    return _centres_fitted(values, KMeans(n_clusters=trial.k, n_init=restarts, random_state=seed).fit(values))


def _bisecting_kmeans(values: Values, trial: Trial, settings: FitSettings, seed: int, restarts: int) -> Fitted:
    """Bisect, then refine the leaves' centres with k-means (Steinbach, Karypis and Kumar 2000).

    Without the refinement a row can sit in a leaf whose centre is not the nearest, and no flat model of centres
    can say so.
    """
    from sklearn.cluster import BisectingKMeans, KMeans

    leaves = BisectingKMeans(n_clusters=trial.k, n_init=restarts, random_state=seed).fit(values)
    return _centres_fitted(values, KMeans(trial.k, init=leaves.cluster_centers_, n_init=1).fit(values))


def _centres_fitted(values: Values, fitted: object) -> Fitted:
    raw = np.asarray(fitted.labels_, dtype=np.int64)  # type: ignore[attr-defined]
    labels = canonical_labels(raw, values)
    first = [int(np.flatnonzero(labels == cluster)[0]) for cluster in range(labels.max() + 1)]
    centres = fitted.cluster_centers_[raw[first]]  # type: ignore[attr-defined]
    return Fitted(labels, lambda: prototype_model(np.arange(len(centres)), centres))


def _gaussian_mixture(values: Values, trial: Trial, settings: FitSettings, seed: int, restarts: int) -> Fitted:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    mixture = GaussianMixture(
        n_components=trial.k,
        covariance_type="diag",
        n_init=min(restarts, settings.mixture_restarts),
        reg_covar=settings.mixture_min_variance,
        max_iter=200,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # An unfinished fit is judged by its figures like any other.
        warnings.simplefilter("ignore", ConvergenceWarning)
        raw = mixture.fit(values).predict(values).astype(np.int64)
    labels = canonical_labels(raw, values)
    # A component that wins no row of the sample is left out: it would be a cluster of nobody.
    components = np.array([raw[np.flatnonzero(labels == cluster)[0]] for cluster in range(labels.max() + 1)])
    variances = mixture.covariances_[components]
    model = prototype_model(
        np.arange(len(components)),
        mixture.means_[components],
        weights=1 / (2 * variances),
        bias=np.log(mixture.weights_[components]) - 0.5 * np.log(variances).sum(axis=1),
    )
    return Fitted(labels, lambda: model, bic=float(mixture.bic(values)))


def _agglomerative(values: Values, trial: Trial, settings: FitSettings, seed: int, restarts: int) -> Fitted | None:
    from sklearn.cluster import AgglomerativeClustering

    raw = (
        np.zeros(len(values), np.int64)
        if trial.k == 1
        else AgglomerativeClustering(trial.k, linkage="ward").fit_predict(values)
    )
    return _compiled(values, raw, trial, settings)


def _dbscan(values: Values, trial: Trial, settings: FitSettings, seed: int, restarts: int) -> Fitted | None:
    from sklearn.cluster import DBSCAN
    from sklearn.neighbors import NearestNeighbors

    assert trial.setting is not None
    neighbours = min(settings.density_min_samples, len(values) - 1)
    # The first neighbour of a row is the row itself, and DBSCAN counts it too.
    distances = NearestNeighbors(n_neighbors=neighbours).fit(values).kneighbors()[0][:, -1]
    eps = max(round(float(np.quantile(distances, trial.setting)), 9), 1e-9)  # many equal rows: a distance of 0
    return _compiled(values, DBSCAN(eps=eps, min_samples=neighbours).fit_predict(values), trial, settings)


def _hdbscan(values: Values, trial: Trial, settings: FitSettings, seed: int, restarts: int) -> Fitted | None:
    from sklearn.cluster import HDBSCAN

    assert trial.setting is not None
    size = max(math.ceil(trial.setting * len(values)), 2)
    model = HDBSCAN(min_cluster_size=size, min_samples=min(settings.density_min_samples, len(values)), copy=True)
    return _compiled(values, model.fit_predict(values), trial, settings)


def _compiled(values: Values, raw: NDArray[np.int64], trial: Trial, settings: FitSettings) -> Fitted | None:
    # HDBSCAN has other negative labels for rows that are not finite; there are none here.
    labels = canonical_labels(np.maximum(np.asarray(raw, dtype=np.int64), NOISE), values)
    # No cluster at all, or nothing but equal rows in each.
    if labels.max() < 0 or labels.max() + 1 >= len(np.unique(values, axis=0)):
        return None

    def compiled() -> PrototypeModel:
        return compile_labels(
            values,
            labels,
            prototypes_per_cluster=settings.prototypes_per_cluster,
            radius_quantiles=settings.radius_quantiles,
            floor=settings.min_fidelity[trial.algorithm],
            seed=settings.random_seed,
        )

    return Fitted(labels, compiled)


@dataclass(frozen=True)
class Algorithm:
    """An algorithm of the registry.

    Attributes
    ----------
    family
        ``partition`` takes k; ``density`` finds it, and may leave rows outside every cluster.
    fit
        Rows, trial, settings, seed and number of starts to what the fit gives.
    """

    family: Literal["partition", "density"]
    fit: Callable[[Values, Trial, FitSettings, int, int], Fitted | None]


REGISTRY: Final[dict[str, Algorithm]] = {
    "kmeans": Algorithm("partition", _kmeans),
    "bisecting_kmeans": Algorithm("partition", _bisecting_kmeans),
    "gaussian_mixture": Algorithm("partition", _gaussian_mixture),
    "agglomerative": Algorithm("partition", _agglomerative),
    "dbscan": Algorithm("density", _dbscan),
    "hdbscan": Algorithm("density", _hdbscan),
}
"""Every algorithm that can be named in var `algorithms`."""


def trials(settings: FitSettings) -> list[Trial]:
    """List what is to be tried, in a fixed order; one cluster of everybody is always among it."""
    listed = [Trial("kmeans", 1)]
    for name in settings.wanted_algorithms():
        if REGISTRY[name].family == "partition":
            listed += [Trial(name, k) for k in settings.wanted_k()]
        else:
            shares = settings.dbscan_eps_quantiles if name == "dbscan" else settings.hdbscan_min_cluster_shares
            listed += [Trial(name, None, share) for share in shares]
    return list(dict.fromkeys(listed))
