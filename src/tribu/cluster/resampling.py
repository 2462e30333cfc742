"""How far a clustering can be believed: what remains of it on other rows, and what shuffled rows give.

Resamples are halves of the sample, drawn without replacement. A bootstrap repeats rows, and repeated rows are
distances of zero, which density methods and Ward's linkage take for dense spots (Hennig 2007 compares both).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tribu.cluster.algorithms import Fitted, Trial, fit_trial
from tribu.cluster.model import PrototypeModel
from tribu.cluster.scores import SilhouetteSample
from tribu.cluster.settings import FitSettings

Values = NDArray[np.float64]


def stability(model: PrototypeModel, trial: Trial, values: Values, settings: FitSettings) -> float | None:
    """Mean adjusted Rand index between the model and refits on halves of the sample; None where no refit is possible.

    The model labels the rows of the half by its prototypes, for that is what is published. Noise is one more label.
    """
    from sklearn.metrics import adjusted_rand_score

    agreements = [
        float(adjusted_rand_score(model.assign(half), refit.labels))
        for half, refit in _refits(trial, values, settings, settings.resamples)
    ]
    return float(np.mean(agreements)) if agreements else None


def cluster_jaccards(
    model: PrototypeModel, trial: Trial, values: Values, settings: FitSettings
) -> NDArray[np.float64] | None:
    """Cluster-wise stability (Hennig 2007): for each cluster the mean, over the refits, of its best Jaccard index.

    Returns
    -------
    numpy.ndarray or None
        Shape (refits, k), 0–1, NaN where a half holds no member of the cluster; None where no refit is possible.
    """
    rows = [
        _best_jaccards(model.assign(half), refit.labels, model.k)
        for half, refit in _refits(trial, values, settings, settings.cluster_resamples)
    ]
    return np.array(rows) if rows else None


def _best_jaccards(labels: NDArray[np.int64], others: NDArray[np.int64], k: int) -> list[float]:
    best = []
    for cluster in range(k):
        members = labels == cluster
        if not members.any():
            best.append(float("nan"))
            continue
        overlaps = [
            (members & (others == other)).sum() / (members | (others == other)).sum()
            for other in np.unique(others[others >= 0])
        ]
        best.append(float(max(overlaps, default=0.0)))
    return best


def null_silhouette(trial: Trial, values: Values, settings: FitSettings) -> float | None:
    """Highest silhouette of the same trial on halves whose columns are shuffled, each within itself.

    Half of the draws shuffle freely, half so that what correlates still does. The first keeps every feature as it is
    and leaves nothing of what holds them together; the second leaves the one cloud, however long, that the features'
    own spreads and correlations describe. k-means cuts such a cloud in stable pieces, and only the second kind of
    draw shows that they are no groups. What an algorithm finds in either, it would find in anything.
    """
    found = []
    for draw in range(settings.null_draws):
        half = _half(values, settings, draw)
        random = np.random.default_rng([settings.random_seed, 2, draw])
        for shuffled in (_shuffled_freely(half, random), _shuffled_alike(half, random)):
            refit = _refit(trial, shuffled, settings, draw)
            if refit is not None:
                score = SilhouetteSample(shuffled, settings.silhouette_rows).silhouette(refit.labels)
                # A single cluster or none at all in the shuffled rows: no structure.
                found.append(0.0 if score is None else score)
    return max(found, default=None)


def _shuffled_freely(values: Values, random: np.random.Generator) -> Values:
    return np.stack([random.permutation(column) for column in values.T], axis=1)


def _shuffled_alike(values: Values, random: np.random.Generator) -> Values:
    """Shuffle each column into the ranks of a normal sample with the columns' rank correlations (Iman and Conover)."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    rows, width = values.shape
    normal = ndtri((np.stack([rankdata(column) for column in values.T], axis=1) - 0.5) / rows)
    # Centred; the diagonal is lifted a little for columns that are constant or copies of another.
    covariance = np.cov(normal, rowvar=False).reshape(width, width) + 1e-6 * np.eye(width)
    drawn = random.normal(size=values.shape) @ np.linalg.cholesky(covariance).T
    shuffled = np.empty_like(values)
    for column in range(width):
        shuffled[drawn[:, column].argsort(), column] = np.sort(values[:, column])
    return shuffled


def _refits(trial: Trial, values: Values, settings: FitSettings, number: int) -> Iterator[tuple[Values, Fitted]]:
    for draw in range(number):
        half = _half(values, settings, draw)
        refit = _refit(trial, half, settings, draw)
        if refit is not None:
            yield half, refit


def _refit(trial: Trial, values: Values, settings: FitSettings, draw: int) -> Fitted | None:
    # Two starts, not the fit's ten: a structure that only a lucky start finds is not stable.
    return fit_trial(trial, values, settings, seed=settings.random_seed + 1 + draw, restarts=2)


def _half(values: Values, settings: FitSettings, draw: int) -> Values:
    number = min(len(values) // 2, settings.resample_rows)
    random = np.random.default_rng([settings.random_seed, 1, draw])
    return values[np.sort(random.permutation(len(values))[:number])]
