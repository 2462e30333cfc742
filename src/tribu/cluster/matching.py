"""Which cluster of a new fit is which of the accepted model: keys that stay, and what happened to the others."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from tribu.errors import ModelInputError

SCHEMA: Final = pa.schema(
    [
        pa.field("event", pa.string()),
        pa.field("cluster_ordinal", pa.int64()),
        pa.field("cluster_key", pa.string()),
        pa.field("other_cluster_key", pa.string()),
        pa.field("share_ratio", pa.float64()),
        pa.field("jaccard", pa.float64()),
        pa.field("centre_distance", pa.float64()),
    ]
)
"""One row per event: ``kept`` and ``born`` for the clusters of the fit (one of them each), ``died`` for those of the
accepted model; ``split`` and ``merged`` beside these, with the other cluster and the share of the accepted one's
members that went."""


def match_clusters(
    overlaps: pa.Table,
    fitted: pa.Table,
    predecessors: pa.Table,
    *,
    min_jaccard: float,
    max_centre_distance: float,
    min_transfer_share: float,
) -> pa.Table:
    """Give each cluster of a fit the key of the accepted cluster that it is, or a new one.

    The pairs are those with the highest sum of Jaccard indices among all ways to pair one to one (the assignment
    problem; Crouse 2016 describes the solver that SciPy uses), of pairs within both gates.

    Parameters
    ----------
    overlaps
        One row per pair with common members among the same influencers: ``cluster_key``, ``cluster_ordinal``,
        ``both_count``, ``accepted_count``, ``fitted_count`` and ``centre_distance``, the distance between the means
        of both in widths of the accepted cluster (root mean squared distance of its members to their mean).
    fitted
        ``cluster_ordinal`` of every cluster of the fit.
    predecessors
        ``cluster_key`` of every cluster that the accepted model has or had, ``is_active``, and ``last_cluster_number``,
        the highest number that a key was ever given (the same in each row); no row at the first fit.
    min_jaccard
        Least Jaccard index of a pair, 0–1.
    max_centre_distance
        Largest distance of a pair, in widths.
    min_transfer_share
        Least share of an accepted cluster's members in a cluster of the fit for a split or merger to be recorded.

    Returns
    -------
    pyarrow.Table
        Of `SCHEMA`; no row without a fit.

    Raises
    ------
    ModelInputError
        If the overlaps name a cluster that neither side has.
    """
    ordinals: list[int] = sorted(fitted.column("cluster_ordinal").to_pylist())
    known = predecessors.to_pylist()
    keys = sorted(row["cluster_key"] for row in known if row["is_active"])
    last_number = max((row["last_cluster_number"] for row in known), default=0)
    if not ordinals:
        return SCHEMA.empty_table()
    pairs = {(row["cluster_key"], row["cluster_ordinal"]): row for row in overlaps.to_pylist()}
    strange = [pair for pair in pairs if pair[0] not in keys or pair[1] not in ordinals]
    if strange:
        raise ModelInputError(
            expected="overlaps between clusters of the accepted model and of the fit",
            got=", ".join(f"{key} with {ordinal}" for key, ordinal in strange),
            remedy="leave noise out, and count on the sample that was fitted",
        )

    matched = _matched(pairs, keys, ordinals, min_jaccard, max_centre_distance)
    key_of = {ordinal: key for key, ordinal in matched.items()}
    for ordinal in ordinals:
        if ordinal not in key_of:
            last_number += 1
            key_of[ordinal] = f"c{last_number:02d}"

    rows: list[dict[str, Any]] = []
    for ordinal in ordinals:
        pair = pairs.get((key_of[ordinal], ordinal)) if key_of[ordinal] in matched else None
        rows.append({"event": "born" if pair is None else "kept", "cluster_ordinal": ordinal, **_figures(pair)})
        rows[-1]["cluster_key"] = key_of[ordinal]
    rows += [{"event": "died", "cluster_key": key} for key in keys if key not in matched]
    rows += _transfers(pairs, key_of, min_transfer_share)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _matched(
    pairs: dict[tuple[str, int], dict[str, Any]],
    keys: list[str],
    ordinals: list[int],
    min_jaccard: float,
    max_centre_distance: float,
) -> dict[str, int]:
    if not keys:
        return {}
    from scipy.optimize import linear_sum_assignment

    merit = np.zeros((len(keys), len(ordinals)))
    for (key, ordinal), row in pairs.items():
        jaccard = _jaccard(row)
        if jaccard >= min_jaccard and row["centre_distance"] <= max_centre_distance:
            merit[keys.index(key), ordinals.index(ordinal)] = jaccard
    return {
        keys[row]: ordinals[column]
        for row, column in zip(*linear_sum_assignment(merit, maximize=True), strict=True)
        if merit[row, column] > 0
    }


def _transfers(
    pairs: dict[tuple[str, int], dict[str, Any]], key_of: dict[int, str], min_share: float
) -> list[dict[str, Any]]:
    """List splits (one accepted cluster, several heirs) and mergers (one heir, several accepted clusters)."""
    moved = [
        {
            "cluster_key": key_of[ordinal],
            "other_cluster_key": key,
            "share_ratio": row["both_count"] / row["accepted_count"],
        }
        for (key, ordinal), row in sorted(pairs.items())
        if row["both_count"] >= min_share * row["accepted_count"]
    ]
    return [
        {"event": event, **row}
        for event, side in (("split", "other_cluster_key"), ("merged", "cluster_key"))
        for row in moved
        if sum(other[side] == row[side] for other in moved) > 1
    ]


def _figures(pair: dict[str, Any] | None) -> dict[str, float]:
    if pair is None:
        return {}
    return {
        "share_ratio": pair["both_count"] / pair["accepted_count"],
        "jaccard": round(_jaccard(pair), 9),
        "centre_distance": round(pair["centre_distance"], 9),
    }


def _jaccard(pair: dict[str, Any]) -> float:
    return float(pair["both_count"] / (pair["accepted_count"] + pair["fitted_count"] - pair["both_count"]))
