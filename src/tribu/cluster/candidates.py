"""Candidates: every algorithm and setting that is tried, with its figures on the sample."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tribu.cluster.algorithms import Fitted, Trial, fit_trial, trials
from tribu.cluster.matrix import FeatureMatrix, feature_matrix
from tribu.cluster.resampling import null_silhouette, stability
from tribu.cluster.scores import InternalScores, SilhouetteSample, internal_scores
from tribu.cluster.settings import FitSettings
from tribu.cluster.threads import one_thread

SCHEMA: Final = pa.schema(
    [
        pa.field("candidate_id", pa.string()),
        pa.field("algorithm", pa.string()),
        pa.field("k", pa.int64()),
        pa.field("setting", pa.float64()),
        pa.field("fit_rows", pa.int64()),
        pa.field("features_count", pa.int64()),
        pa.field("random_seed", pa.int64()),
        pa.field("prototypes_count", pa.int64()),
        pa.field("fidelity", pa.float64()),
        pa.field("inertia", pa.float64()),
        pa.field("silhouette", pa.float64()),
        pa.field("davies_bouldin", pa.float64()),
        pa.field("calinski_harabasz", pa.float64()),
        pa.field("bic", pa.float64()),
        pa.field("smallest_share", pa.float64()),
        pa.field("largest_share", pa.float64()),
        pa.field("noise_share", pa.float64()),
        pa.field("stability", pa.float64()),
        pa.field("null_silhouette", pa.float64()),
    ]
)
"""One row per candidate; figures are those of its prototypes on the whole sample, for these are what is published."""

# Figures are compared and published; the bits behind the ninth decimal belong to the machine.
_DECIMALS = 9


def evaluate_candidates(sample: pa.Table, settings: FitSettings) -> pa.Table:
    """Fit and measure everything that the settings name.

    Parameters
    ----------
    sample
        See `tribu.cluster.matrix.feature_matrix`.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`, in the order of `tribu.cluster.algorithms.trials`. One cluster of everybody (``kmeans_01``) is
        always among them; settings that need more different rows than there are, or that find no cluster, are not.
        No rows for an empty sample. ``stability`` and ``null_silhouette``, which cost as many fits as they have
        draws, are null for candidates that cannot win whatever they say.
    """
    matrix = feature_matrix(sample)
    if not matrix.rows:
        return SCHEMA.empty_table()
    with one_thread():
        silhouettes = SilhouetteSample(matrix.values, settings.silhouette_rows)
        rows = [
            row for trial in trials(settings) if (row := _evaluate(matrix, trial, settings, silhouettes)) is not None
        ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def fit_candidate(
    values: NDArray[np.float64], trial: Trial, settings: FitSettings
) -> tuple[Fitted, NDArray[np.float64]] | None:
    """Fit a trial on as many rows as its algorithm may see; the fit and those rows, or None."""
    rows = min(settings.algorithm_sample_rows[trial.algorithm], len(values))
    # Evenly spaced rows of a table that is sorted by a hash: a random choice that repeats.
    seen = values[np.unique(np.linspace(0, max(len(values) - 1, 0), rows).astype(np.int64))]
    fitted = fit_trial(trial, seen, settings, seed=settings.random_seed, restarts=settings.restarts)
    return None if fitted is None else (fitted, seen)


def _evaluate(
    matrix: FeatureMatrix, trial: Trial, settings: FitSettings, silhouettes: SilhouetteSample
) -> dict[str, object] | None:
    found = fit_candidate(matrix.values, trial, settings)
    if found is None:
        return None
    fitted, seen = found
    model = fitted.model
    scores = internal_scores(matrix.values, model.assign(matrix.values), k=model.k, silhouettes=silhouettes)
    fidelity = fitted.fidelity(seen)
    can_win = _can_win(trial, model.k, scores, fidelity, settings)
    return {
        "candidate_id": trial.candidate_id,
        "algorithm": trial.algorithm,
        "k": model.k,
        "setting": trial.setting,
        "fit_rows": len(seen),
        "features_count": len(matrix.features),
        "random_seed": settings.random_seed,
        "prototypes_count": len(model.centres),
        "fidelity": _rounded(fidelity),
        "inertia": _rounded(scores.inertia),
        "silhouette": _rounded(scores.silhouette),
        "davies_bouldin": _rounded(scores.davies_bouldin),
        "calinski_harabasz": _rounded(scores.calinski_harabasz),
        "bic": _rounded(fitted.bic),
        "smallest_share": _rounded(scores.smallest_share),
        "largest_share": _rounded(scores.largest_share),
        "noise_share": _rounded(scores.noise_share),
        "stability": _rounded(stability(model, trial, matrix.values, settings)) if can_win else None,
        "null_silhouette": _rounded(null_silhouette(trial, matrix.values, settings)) if can_win else None,
    }


def _can_win(trial: Trial, k: int, scores: InternalScores, fidelity: float, settings: FitSettings) -> bool:
    if scores.silhouette is None:
        return False
    pinned = trial.algorithm == settings.pinned_algorithm or k == settings.pinned_k
    return pinned or (
        fidelity >= settings.min_fidelity[trial.algorithm]
        and scores.smallest_share >= settings.min_cluster_share
        and scores.noise_share <= settings.max_noise_share
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
