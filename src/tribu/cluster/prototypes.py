"""The winner, written as prototypes: a model that SQL can score.

``score = bias − Σ weight · (x − centre)²``; the highest score wins. For k-means a prototype is a centre, its weight 1
and its bias 0, so the highest score is the nearest centre.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from tribu.cluster.kmeans import fit_kmeans
from tribu.cluster.matrix import feature_matrix
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


def fit_prototypes(sample: pa.Table, selection: pa.Table, *, restarts: int) -> pa.Table:
    """Fit the selected candidate again and write it as prototypes.

    Parameters
    ----------
    sample
        The sample that the candidates were evaluated on.
    selection
        One row with ``algorithm``, ``k`` and ``random_seed``; no row where there was nothing to cluster.
    restarts
        As for the candidates, or the fit is another.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`; prototypes and clusters count from 1, the largest cluster first.

    Raises
    ------
    ModelInputError
        If the selection has several rows or names an unknown algorithm.
    """
    matrix = feature_matrix(sample)
    chosen = selection.select(["algorithm", "k", "random_seed"]).to_pylist()
    if not chosen:
        return SCHEMA.empty_table()
    if len(chosen) > 1 or chosen[0]["algorithm"] != "kmeans":
        raise ModelInputError(
            expected="one selected candidate of algorithm kmeans",
            got=", ".join(f"{row['algorithm']} with k = {row['k']}" for row in chosen),
            remedy="let ml_selection choose one row of ml_candidates",
        )
    winner = chosen[0]
    partition = fit_kmeans(matrix.values, k=winner["k"], restarts=restarts, seed=winner["random_seed"])
    rows = [
        {
            "prototype_id": number,
            "cluster_ordinal": number,
            "feature": feature,
            "centre": float(centre),
            "weight": 1.0,
            "bias": 0.0,
            "radius": None,
        }
        for number, centres in enumerate(partition.centres, start=1)
        for feature, centre in zip(matrix.features, centres, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)
