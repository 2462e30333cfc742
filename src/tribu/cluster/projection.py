"""Axes for pictures. A picture shows, it does not cluster."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from tribu.cluster.matrix import feature_matrix
from tribu.cluster.threads import one_thread

AXES: Final = 3

SCHEMA: Final = pa.schema(
    [
        pa.field("axis", pa.int64()),
        pa.field("feature", pa.string()),
        pa.field("mean", pa.float64()),
        pa.field("loading", pa.float64()),
        pa.field("explained_variance_ratio", pa.float64()),
    ]
)
"""One row per axis (1 … 3) and feature; a position is ``Σ loading · (x − mean)``."""

_DECIMALS = 9


def pca_axes(sample: pa.Table) -> pa.Table:
    """Fit principal components and return them as a table, so that SQL places every influencer.

    Parameters
    ----------
    sample
        See `tribu.cluster.matrix.feature_matrix`.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`, always `AXES` axes; an axis beyond the rank of the sample has loadings and variance of 0. The
        sign of an axis is arbitrary, so the loading that is largest in size is made positive. No rows for an empty
        sample.
    """
    matrix = feature_matrix(sample)
    if not matrix.rows:
        return SCHEMA.empty_table()
    width = len(matrix.features)
    loadings, variance = np.zeros((AXES, width)), np.zeros(AXES)
    means = matrix.values.mean(axis=0)
    found = min(AXES, width, matrix.rows)
    if matrix.distinct_rows() > 1:
        with one_thread():
            from sklearn.decomposition import PCA

            # The full solver: a randomised one would need a seed for a matrix this narrow.
            model = PCA(n_components=found, svd_solver="full").fit(matrix.values)
        strongest = np.abs(model.components_).argmax(axis=1)
        signs = np.sign(model.components_[np.arange(found), strongest])
        loadings[:found] = model.components_ * np.where(signs == 0, 1, signs)[:, None]
        variance[:found] = model.explained_variance_ratio_
    rows = [
        {
            "axis": axis + 1,
            "feature": feature,
            "mean": round(float(means[position]), _DECIMALS),
            "loading": round(float(loadings[axis, position]), _DECIMALS) + 0.0,
            "explained_variance_ratio": round(float(variance[axis]), _DECIMALS),
        }
        for axis in range(AXES)
        for position, feature in enumerate(matrix.features)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)
