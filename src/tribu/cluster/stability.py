"""How far each cluster of the winner can be believed."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from tribu.cluster.matrix import feature_matrix
from tribu.cluster.prototypes import fit_winner
from tribu.cluster.resampling import cluster_jaccards
from tribu.cluster.settings import FitSettings
from tribu.cluster.threads import one_thread

SCHEMA: Final = pa.schema(
    [
        pa.field("cluster_ordinal", pa.int64()),
        pa.field("stability", pa.float64()),
        pa.field("worst_jaccard", pa.float64()),
        pa.field("resamples_count", pa.int64()),
    ]
)
"""One row per cluster."""


def cluster_stability(sample: pa.Table, selection: pa.Table, settings: FitSettings) -> pa.Table:
    """Refit the selected candidate on resamples and see which of its clusters come back.

    Parameters
    ----------
    sample, selection, settings
        See `tribu.cluster.prototypes.fit_prototypes`.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`: ``stability`` is the mean, ``worst_jaccard`` the lowest over the resamples of the Jaccard index
        between the cluster and the refit's most similar one (Hennig 2007); null where there is one cluster only,
        which would always come back, or where no refit was possible.
    """
    matrix = feature_matrix(sample)
    if not matrix.rows:
        return SCHEMA.empty_table()
    with one_thread():
        winner = fit_winner(matrix, selection, settings)
        if winner is None:
            return SCHEMA.empty_table()
        trial, fitted = winner
        alone = fitted.model.k == 1 and trial.k is not None
        jaccards = None if alone else cluster_jaccards(fitted.model, trial, matrix.values, settings)
    rows = []
    for cluster in range(fitted.model.k):
        measured = np.array([]) if jaccards is None else jaccards[:, cluster][~np.isnan(jaccards[:, cluster])]
        rows.append(
            {
                "cluster_ordinal": cluster + 1,
                "stability": round(float(measured.mean()), 9) if len(measured) else None,
                "worst_jaccard": round(float(measured.min()), 9) if len(measured) else None,
                "resamples_count": len(measured),
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)
