"""The comparison of two engines: it passes what is equal, and names what is not."""

from __future__ import annotations

import duckdb
import pytest
from benchmarks.scaling.comparison import TableComparison, compare, table_of

LEFT = "(values ('a', 1, 0.1, timestamp '2026-01-01'), ('b', 2, null, null)) as rows (name, n, share, built_at)"


def compared(right: str, key: list[str] | None = None) -> TableComparison:
    with duckdb.connect() as connection:
        left = f"(select * from {LEFT})"
        return compare(connection, "marts.t", left, f"(select * from {right})", ["name"] if key is None else key)


def test_last_bits_moments_of_the_build_and_order_do_not_count() -> None:
    found = compared("(values ('b', 2, null, null), ('a', 1, 0.1 + 1e-13, now())) as rows (name, n, share, built_at)")
    assert found.is_equal
    assert 0 < found.largest_difference < 1e-12


@pytest.mark.parametrize(
    ("rows", "columns", "lonely", "different"),
    [
        ("('a', 1, 0.1000001, null), ('b', 2, null, null)", ("share",), 0, 1),
        ("('a', 1, 0.1, null), ('b', 2, 0.0, null)", ("share",), 0, 1),
        ("('a', 1, 0.1, null), ('b', 3, null, null)", ("n",), 0, 1),
        ("('a', 1, 0.1, null), ('c', 2, null, null)", (), 2, 0),
        ("('a', 1, 0.1, null)", (), 1, 0),
        ("('a', 1, 0.1, null), ('b', 2, null, null), ('b', 2, null, null)", (), 1, 0),
    ],
)
def test_what_differs_is_named(rows: str, columns: tuple[str, ...], lonely: int, different: int) -> None:
    found = compared(f"(values {rows}) as rows (name, n, share, built_at)")
    assert not found.is_equal
    assert (found.columns, found.lonely_rows, found.different_rows) == (columns, lonely, different)
    assert "equal |" not in table_of([found])


def test_a_column_of_one_side_is_named() -> None:
    assert compared("(values ('a', 1), ('b', 2)) as rows (name, n)").columns == ("share",)


def test_without_a_key_rows_are_told_apart_by_all_that_is_no_fraction() -> None:
    found = compared("(values ('a', 1, 0.2, null), ('b', 2, null, null)) as rows (name, n, share, built_at)", key=[])
    assert (found.columns, found.different_rows) == (("share",), 1)
