"""The winner, written as prototypes: a model that SQL can score."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from tribu.cluster.algorithms import Fitted, Trial, trials
from tribu.cluster.candidates import fit_candidate
from tribu.cluster.matrix import FeatureMatrix, feature_matrix
from tribu.cluster.settings import FitSettings
from tribu.cluster.threads import one_thread
from tribu.errors import ModelInputError

SCHEMA: Final = pa.schema(
    [
        pa.field("prototype_id", pa.int64()),
        pa.field("cluster_ordinal", pa.int64()),
        pa.field("feature", pa.string()),
        pa.field("centre", pa.float64()),
        pa.field("weight", pa.float64()),
        pa.field("bias", pa.float64()),
        pa.field("radius", pa.float64()),
    ]
)
"""One row per prototype and feature; ``radius`` is null where every influencer belongs somewhere."""


def fit_prototypes(sample: pa.Table, selection: pa.Table, settings: FitSettings) -> pa.Table:
    """Fit the selected candidate again and write it as prototypes.

    Parameters
    ----------
    sample
        The sample that the candidates were evaluated on.
    selection
        One row with ``candidate_id``; no row where there was nothing to cluster. Not looked at where the sample is
        empty: there is nothing to fit again where an accepted model stays.
    settings
        Those of the candidates, or the fit is another.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`; prototypes and clusters count from 1, the largest cluster first.

    Raises
    ------
    ModelInputError
        If the selection has several rows or names a candidate that was not tried.
    """
    matrix = feature_matrix(sample)
    if not matrix.rows:
        return SCHEMA.empty_table()
    with one_thread():
        winner = fit_winner(matrix, selection, settings)
    if winner is None:
        return SCHEMA.empty_table()
    model = winner[1].model
    rows = [
        {
            "prototype_id": position + 1,
            "cluster_ordinal": int(model.clusters[position]) + 1,
            "feature": feature,
            "centre": float(model.centres[position, column]),
            "weight": float(model.weights[position, column]),
            "bias": float(model.bias[position]),
            "radius": float(model.radius[position]) if np.isfinite(model.radius[position]) else None,
        }
        for position in range(len(model.centres))
        for column, feature in enumerate(matrix.features)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def fit_winner(matrix: FeatureMatrix, selection: pa.Table, settings: FitSettings) -> tuple[Trial, Fitted] | None:
    """Fit the one selected candidate as it was fitted among the candidates; None where none is selected."""
    chosen = selection.column("candidate_id").to_pylist()
    if not chosen:
        return None
    tried = {trial.candidate_id: trial for trial in trials(settings)}
    found = fit_candidate(matrix.values, tried[chosen[0]], settings) if chosen[0] in tried else None
    if len(chosen) > 1 or found is None:
        raise ModelInputError(
            expected="one selected candidate among those that were tried",
            got=", ".join(map(str, chosen)),
            remedy="let ml_selection choose one row of ml_candidates",
        )
    return tried[chosen[0]], found[0]
