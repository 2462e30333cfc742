"""Keys that stay: which cluster of a fit is which of the accepted model."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from tribu.cluster import match_clusters
from tribu.errors import ModelInputError

OVERLAPS = pa.schema(
    [
        ("cluster_key", pa.string()),
        ("cluster_ordinal", pa.int64()),
        ("both_count", pa.int64()),
        ("accepted_count", pa.int64()),
        ("fitted_count", pa.int64()),
        ("centre_distance", pa.float64()),
    ]
)
PREDECESSORS = pa.schema([("cluster_key", pa.string()), ("is_active", pa.bool_()), ("last_cluster_number", pa.int64())])


def matched(
    counts: dict[tuple[str, int], int],
    *,
    retired: tuple[str, ...] = (),
    far: tuple[tuple[str, int], ...] = (),
    ordinals: int | None = None,
    keys: tuple[str, ...] = (),
    last_number: int | None = None,
    **gates: float,
) -> list[dict[str, Any]]:
    """Match by a table of common members; sizes are its sums."""
    known = sorted({key for key, _ in counts} | set(keys))
    rows = [
        {
            "cluster_key": key,
            "cluster_ordinal": ordinal,
            "both_count": both,
            "accepted_count": sum(n for (other, _), n in counts.items() if other == key),
            "fitted_count": sum(n for (_, other), n in counts.items() if other == ordinal),
            "centre_distance": 9.0 if (key, ordinal) in far else 0.1,
        }
        for (key, ordinal), both in counts.items()
    ]
    number = last_number if last_number is not None else len(known) + len(retired)
    predecessors = [
        {"cluster_key": key, "is_active": key in known, "last_cluster_number": number} for key in (*known, *retired)
    ]
    found = sorted({ordinal for _, ordinal in counts}) if ordinals is None else list(range(1, ordinals + 1))
    return match_clusters(
        pa.Table.from_pylist(rows, schema=OVERLAPS),
        pa.table({"cluster_ordinal": pa.array(found, pa.int64())}),
        pa.Table.from_pylist(predecessors, schema=PREDECESSORS),
        **{"min_jaccard": 0.5, "max_centre_distance": 1.0, "min_transfer_share": 0.33, **gates},
    ).to_pylist()


def keys_of(rows: list[dict[str, Any]]) -> dict[int, str]:
    return {row["cluster_ordinal"]: row["cluster_key"] for row in rows if row["cluster_ordinal"] is not None}


def events_of(rows: list[dict[str, Any]]) -> set[tuple[str, str, str | None]]:
    return {(row["event"], row["cluster_key"], row["other_cluster_key"]) for row in rows}


def test_the_first_fit_numbers_its_clusters() -> None:
    rows = matched({}, ordinals=3)
    assert keys_of(rows) == {1: "c01", 2: "c02", 3: "c03"}
    assert {row["event"] for row in rows} == {"born"}


def test_no_fit_has_no_events() -> None:
    assert matched({}, ordinals=0, keys=("c01", "c02")) == []


def test_keys_follow_the_members_and_not_the_order() -> None:
    rows = matched({("c01", 2): 90, ("c01", 1): 10, ("c02", 1): 95, ("c02", 2): 5})
    assert keys_of(rows) == {1: "c02", 2: "c01"}
    assert {row["event"] for row in rows} == {"kept"}
    assert rows[0]["jaccard"] == pytest.approx(95 / 110)
    assert rows[0]["share_ratio"] == pytest.approx(0.95)


def test_pairs_are_chosen_together_and_not_one_by_one() -> None:
    """Best first, c01 would take cluster 1, and c02 would be left with next to nothing."""
    counts = {("c01", 1): 60, ("c01", 2): 50, ("c02", 1): 55}
    assert keys_of(matched(counts, min_jaccard=0.1)) == {1: "c02", 2: "c01"}


def test_a_cluster_that_shares_too_little_is_born_and_the_old_one_dies() -> None:
    rows = matched({("c01", 1): 100, ("c02", 2): 40, ("c02", 1): 60})
    assert keys_of(rows)[1] == "c01"
    assert keys_of(rows)[2] == "c03"
    assert ("died", "c02", None) in events_of(rows)


def test_a_cluster_that_has_moved_away_is_another_whoever_its_members_are() -> None:
    rows = matched({("c01", 1): 100, ("c02", 2): 100}, far=(("c02", 2),))
    assert keys_of(rows) == {1: "c01", 2: "c03"}


def test_a_key_is_never_given_twice() -> None:
    rows = matched({("c01", 1): 100}, ordinals=2, retired=("c02",), last_number=7)
    assert keys_of(rows) == {1: "c01", 2: "c08"}
    assert not [row for row in rows if row["event"] == "died"]


def test_splits_name_the_heirs_and_their_shares() -> None:
    rows = matched({("c01", 1): 60, ("c01", 2): 40, ("c02", 3): 50})
    assert {("split", "c01", "c01"), ("split", "c03", "c01")} <= events_of(rows)
    shares = {row["cluster_key"]: row["share_ratio"] for row in rows if row["event"] == "split"}
    assert shares == {"c01": 0.6, "c03": 0.4}
    assert not [row for row in rows if row["event"] == "merged"]


def test_mergers_name_those_that_came_together() -> None:
    rows = matched({("c01", 1): 100, ("c02", 1): 40, ("c03", 2): 50})
    assert {("merged", "c01", "c01"), ("merged", "c01", "c02"), ("died", "c02", None)} <= events_of(rows)


def test_everything_may_change_at_once() -> None:
    rows = matched({("c01", 1): 10, ("c01", 2): 10, ("c02", 1): 10, ("c02", 2): 10})
    assert keys_of(rows) == {1: "c03", 2: "c04"}
    assert {("died", "c01", None), ("died", "c02", None)} <= events_of(rows)


def test_an_overlap_with_nobody_is_refused() -> None:
    overlap = {"both_count": 1, "accepted_count": 1, "fitted_count": 1, "centre_distance": 0.0}
    with pytest.raises(ModelInputError, match="noise with 1"):
        match_clusters(
            pa.Table.from_pylist([{"cluster_key": "noise", "cluster_ordinal": 1, **overlap}], schema=OVERLAPS),
            pa.table({"cluster_ordinal": pa.array([1], pa.int64())}),
            PREDECESSORS.empty_table(),
            min_jaccard=0.5,
            max_centre_distance=1.0,
            min_transfer_share=0.33,
        )
