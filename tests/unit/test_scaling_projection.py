"""Times of several sizes and the line through them."""

from __future__ import annotations

import pytest
from benchmarks.scaling.projection import EVERYBODY, Line, line_through, table_of_times


def test_the_line_goes_through_the_two_largest_sizes() -> None:
    line = line_through({1_500: 30.0, 20_000: 40.0, 200_000: 220.0})
    assert line is not None
    assert line.fixed_seconds == pytest.approx(20)
    assert line.seconds_each == pytest.approx(0.001)
    assert line.at(1_000_000) == pytest.approx(1020)


def test_one_size_has_no_line() -> None:
    assert line_through({1_500: 30.0}) is None


def test_the_table_says_what_was_not_built_and_what_is_projected() -> None:
    builds = {20_000: (40.0, 1e9), 200_000: (220.0, 2e9)}
    table = table_of_times({"DuckDB": builds, "Spark, session": builds | {1_499: (35.0, 3e9)}})
    assert "| 1,499 | not built | 35 s, 3.0 GB |" in table
    hours = Line(20, 0.001).at(EVERYBODY) / 3600
    assert f"| projected, not measured: 350,000,000 | {hours:,.0f} h | {hours:,.0f} h |" in table


def test_an_engine_of_one_size_has_no_projection() -> None:
    table = table_of_times({"cluster": {1_499: (35.0, 3e9)}, "session": {1_499: (35.0, 3e9), 20_000: (40.0, 1e9)}})
    assert "| projected, not measured: 350,000,000 | – |" in table
