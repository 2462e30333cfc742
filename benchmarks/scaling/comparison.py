"""Whether two warehouses hold the same tables: same keys, same values, numbers to a tolerance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

#: Numbers are equal when they differ by no more than this, of the larger of 1 and themselves. Engines add in any order.
TOLERANCE = 1e-9

#: Columns that say when a table was made, and fingerprints of a model. Those are of the last bits of its numbers.
OF_THE_BUILD = frozenset({
    "build_id", "built_at", "requested_at", "accepted_at", "model_accepted_at", "first_seen_at", "last_seen_at",
    "model_id", "previous_model_id", "accepted_model_id", "cluster_run_id", "previous_cluster_run_id",
})  # fmt: skip


@dataclass(frozen=True)
class TableComparison:
    """One table in both warehouses."""

    table: str
    left_rows: int
    right_rows: int
    #: Rows whose key is in one of them only.
    lonely_rows: int
    #: Rows of both with another value somewhere.
    different_rows: int
    #: Largest difference between two numbers, of the larger of 1 and the number.
    largest_difference: float
    #: Columns with a difference, or in one of them only.
    columns: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether the two are the same table."""
        return self.left_rows == self.right_rows and not (self.lonely_rows or self.different_rows or self.columns)


def grains(manifest: Path, folders: Iterable[str]) -> dict[str, list[str]]:
    """Read the tables of some layers and their keys from dbt's manifest: a key is what a test says is unique.

    Parameters
    ----------
    manifest
        ``manifest.json`` of a build.
    folders
        Layers, as in ``dbt_project/models``.

    Returns
    -------
    dict
        Columns of the key by ``schema.table``; empty where nothing is said to be unique.
    """
    nodes = json.loads(manifest.read_text())["nodes"]
    wanted = set(folders)
    tables = {
        key: f"{node['schema']}.{node['alias']}"
        for key, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] in wanted
    }
    keys: dict[str, list[str]] = {name: [] for name in tables.values()}
    for node in nodes.values():
        if node["resource_type"] != "test" or node.get("attached_node") not in tables:
            continue
        about = node["test_metadata"]
        columns = [node["column_name"]] if about["name"] == "unique" else about["kwargs"].get("columns", [])
        if about["name"] in {"unique", "unique_combination"} and columns:
            keys[tables[node["attached_node"]]] = list(columns)
    return keys


def compare(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    left: str,
    right: str,
    key: list[str],
    *,
    ignored: Iterable[str] = OF_THE_BUILD,
) -> TableComparison:
    """Compare two relations.

    Parameters
    ----------
    connection
        Where both can be queried.
    table
        Name of the table, for the result.
    left, right
        What to select from.
    key
        Columns that tell rows apart; without any, all that are no fractions do.
    ignored
        Columns not looked at.
    """
    left_types = _types(connection, left)
    right_types = _types(connection, right)
    outside = set(ignored)
    alone = sorted((left_types.keys() ^ right_types.keys()) - outside)
    shared = [name for name in left_types if name in right_types and name not in outside]
    fractions = {
        name for name in shared if left_types[name] in {"DOUBLE", "FLOAT"} or left_types[name].startswith("DECIMAL")
    }
    keys = [name for name in key if name in shared] or [name for name in shared if name not in fractions]
    values = [name for name in shared if name not in keys]
    # rows that are alike in all of the key are paired by their numbers, in order
    order = ", ".join(f'"{name}"' for name in [*keys, *values])
    part = ", ".join(f'"{name}"' for name in keys) or "1"
    sides = [
        f"(select *, row_number() over (partition by {part} order by {order}) as nth from {relation})"
        for relation in (left, right)
    ]
    on = " and ".join([f'a."{name}" is not distinct from b."{name}"' for name in keys] + ["a.nth = b.nth"])
    unequal = {name: _unequal(name, is_fraction=name in fractions) for name in values}
    both = "a.nth is not null and b.nth is not null"
    found = connection.execute(f"""
        select
            count(*) filter (where a.nth is null or b.nth is null),
            count(*) filter (where {both} and ({" or ".join(unequal.values()) or "false"})),
            {" ".join(f"count(*) filter (where {both} and {condition})," for condition in unequal.values())}
            {" ".join(f"max({_difference(name)})," for name in values if name in fractions)}
            count(a.nth), count(b.nth)
        from {sides[0]} as a
        full outer join {sides[1]} as b on {on}
    """).fetchall()[0]
    by_column = found[2 : 2 + len(unequal)]
    distances = [distance for distance in found[2 + len(unequal) : -2] if distance is not None]
    return TableComparison(
        table,
        left_rows=found[-2],
        right_rows=found[-1],
        lonely_rows=found[0],
        different_rows=found[1],
        largest_difference=max(distances, default=0.0),
        columns=(*alone, *(name for name, count in zip(unequal, by_column, strict=True) if count)),
    )


def _types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    described: list[tuple[Any, ...]] = connection.execute(f"describe select * from {relation}").fetchall()
    return {row[0]: row[1] for row in described}


def _difference(name: str) -> str:
    a, b = f'cast(a."{name}" as double)', f'cast(b."{name}" as double)'
    return f"abs({a} - {b}) / greatest(1.0, abs({a}))"


def _unequal(name: str, *, is_fraction: bool) -> str:
    if is_fraction:
        return f'((a."{name}" is null) != (b."{name}" is null) or coalesce({_difference(name)} > {TOLERANCE}, false))'
    # moments have a zone in files of Spark, and lists of texts are lists on both
    if name.endswith(("_at", "_on")):
        return f'(epoch_us(a."{name}"::timestamp) is distinct from epoch_us(b."{name}"::timestamp))'
    return f'(a."{name}" is distinct from b."{name}")'


def table_of(comparisons: Iterable[TableComparison]) -> str:
    """Lay comparisons out as a Markdown table."""
    lines = [
        "| table | rows | rows of one only | rows that differ | largest difference | |",
        "|---|---|---|---|---|---|",
    ]
    for one in comparisons:
        rows = f"{one.left_rows:,}" if one.left_rows == one.right_rows else f"{one.left_rows:,} / {one.right_rows:,}"
        verdict = "equal" if one.is_equal else "differs: " + ", ".join(one.columns)
        cells = [
            one.table,
            rows,
            f"{one.lonely_rows:,}",
            f"{one.different_rows:,}",
            f"{one.largest_difference:.1e}",
            verdict,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
