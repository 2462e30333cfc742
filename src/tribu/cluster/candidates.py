"""Candidates: every algorithm and number of clusters that is tried, with its scores on the sample."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from tribu.cluster.kmeans import fit_kmeans
from tribu.cluster.matrix import FeatureMatrix, feature_matrix
from tribu.cluster.scores import internal_scores

SCHEMA: Final = pa.schema(
    [
        pa.field("candidate_id", pa.string()),
        pa.field("algorithm", pa.string()),
        pa.field("k", pa.int64()),
        pa.field("fit_rows", pa.int64()),
        pa.field("features_count", pa.int64()),
        pa.field("random_seed", pa.int64()),
        pa.field("inertia", pa.float64()),
        pa.field("silhouette", pa.float64()),
        pa.field("davies_bouldin", pa.float64()),
        pa.field("calinski_harabasz", pa.float64()),
        pa.field("smallest_share", pa.float64()),
        pa.field("largest_share", pa.float64()),
    ]
)
"""One row per candidate."""

# Scores are compared and published; the bits behind the ninth decimal belong to the machine.
_DECIMALS = 9


def evaluate_candidates(
    sample: pa.Table, *, k_min: int, k_max: int, restarts: int, silhouette_rows: int, seed: int
) -> pa.Table:
    """Fit k-means for each k of the range and score it.

    Parameters
    ----------
    sample
        See `tribu.cluster.matrix.feature_matrix`.
    k_min, k_max
        Range of k, inclusive. A k for which there are not more distinct rows is left out; if that leaves none, one
        cluster of everybody is the only candidate.
    restarts, seed
        See `tribu.cluster.kmeans.fit_kmeans`.
    silhouette_rows
        See `tribu.cluster.scores.internal_scores`.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`, by k; no rows for an empty sample.
    """
    matrix = feature_matrix(sample)
    rows = [
        _evaluate(matrix, k=k, restarts=restarts, silhouette_rows=silhouette_rows, seed=seed)
        for k in _feasible_range(matrix, k_min, k_max)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _feasible_range(matrix: FeatureMatrix, k_min: int, k_max: int) -> list[int]:
    distinct = matrix.distinct_rows()
    if distinct == 0:
        return []
    # k equal to the number of distinct rows is a list of the rows, not a clustering.
    return [k for k in range(max(k_min, 2), k_max + 1) if k < distinct] or [1]


def _evaluate(matrix: FeatureMatrix, *, k: int, restarts: int, silhouette_rows: int, seed: int) -> dict[str, object]:
    partition = fit_kmeans(matrix.values, k=k, restarts=restarts, seed=seed)
    scores = internal_scores(matrix.values, partition.labels, silhouette_rows=silhouette_rows)
    return {
        "candidate_id": f"kmeans_{k:02d}",
        "algorithm": "kmeans",
        "k": k,
        "fit_rows": matrix.rows,
        "features_count": len(matrix.features),
        "random_seed": seed,
        "inertia": round(partition.inertia, _DECIMALS),
        "silhouette": _rounded(scores.silhouette),
        "davies_bouldin": _rounded(scores.davies_bouldin),
        "calinski_harabasz": _rounded(scores.calinski_harabasz),
        "smallest_share": round(scores.smallest_share, _DECIMALS),
        "largest_share": round(scores.largest_share, _DECIMALS),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
