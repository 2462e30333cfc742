"""Conditions: what they hold for, and that SQL says the same."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tribu.cluster.predicates import Condition, path_sql, round_significant, rule_sql, sql_number, sql_text
from tribu.errors import ModelInputError

NUMBERS = np.array([-1.5, -0.0, 0.0, 0.1, 0.25, 0.3, 1.0, 7.0, 120_000.0, 5e9, math.nan])
WORDS = np.array(["instagram", "tiktok", "it's", "x' or true --", "youtube"])
bounds = st.none() | st.sampled_from([-1.5, 0.0, 0.1, 0.3, 7.0, 120_000.0]) | st.floats(-1e6, 1e6)
number_conditions = st.builds(Condition, at_least=bounds, below=bounds, unknown=st.booleans()).filter(
    # asks for nothing at all: no path of a tree does
    lambda condition: condition != Condition(unknown=True)
)
word_conditions = st.sampled_from(WORDS.tolist()).flatmap(
    lambda word: st.sampled_from([Condition(equal_to=word), Condition(not_among=frozenset({word, "instagram"}))])
)


def picked(column: str, values: np.ndarray, predicate: str) -> list[bool]:
    """What DuckDB makes of a predicate, row by row; NaN arrives as null."""
    arrow = pa.array(values, from_pandas=True)
    table = pa.table({"place": range(len(values)), column: arrow})
    with duckdb.connect() as connection:
        connection.register("rows_of_test", table)
        found = {row[0] for row in connection.execute(f"select place from rows_of_test where {predicate}").fetchall()}
    return [place in found for place in range(len(values))]


@settings(max_examples=60, deadline=None)
@given(number_conditions)
def test_numbers_and_nulls_fall_on_the_same_side_in_sql(condition: Condition) -> None:
    assert picked("er_followers", NUMBERS, condition.sql("er_followers")) == condition.holds(NUMBERS).tolist()


@settings(max_examples=20, deadline=None)
@given(word_conditions)
def test_words_fall_on_the_same_side_in_sql(condition: Condition) -> None:
    assert picked("platform", WORDS, condition.sql("platform")) == condition.holds(WORDS).tolist()


@settings(max_examples=60, deadline=None)
@given(number_conditions, number_conditions)
def test_merged_conditions_hold_where_both_do(first: Condition, second: Condition) -> None:
    both = first.holds(NUMBERS) & second.holds(NUMBERS)
    assert (first.and_also(second).holds(NUMBERS) == both).all()


@settings(max_examples=40, deadline=None)
@given(word_conditions, word_conditions)
def test_merged_words_hold_where_both_do(first: Condition, second: Condition) -> None:
    both = first.holds(WORDS) & second.holds(WORDS)
    # no path of a tree asks for what it has ruled out
    assume(both.any())
    assert (first.and_also(second).holds(WORDS) == both).all()
    assert picked("platform", WORDS, first.and_also(second).sql("platform")) == both.tolist()


def test_known_and_unknown_have_nothing_in_common() -> None:
    known, unknown = Condition(), Condition(known=False, unknown=True)
    for both in (known.and_also(unknown), unknown.and_also(known)):
        assert not both.known
        assert not both.holds(NUMBERS).any()
    assert unknown.and_also(unknown) == unknown


def test_known_and_unknown_are_conditions() -> None:
    known, unknown = Condition(), Condition(known=False, unknown=True)
    assert (known.sql("er_views"), unknown.sql("er_views")) == ("er_views is not null", "er_views is null")
    assert known.holds(NUMBERS).tolist() == (~np.isnan(NUMBERS)).tolist()
    assert unknown.holds(NUMBERS).tolist() == np.isnan(NUMBERS).tolist()


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        (Condition(at_least=120_000.0), "f >= 120000"),
        (Condition(below=0.03, unknown=True), "(f < 0.03 or f is null)"),
        (Condition(at_least=-0.5, below=0.03), "f >= -0.5 and f < 0.03"),
        (Condition(at_least=1.0, below=2.0, unknown=True), "((f >= 1 and f < 2) or f is null)"),
        (Condition(equal_to="tiktok"), "f = 'tiktok'"),
        (Condition(not_among=frozenset({"tiktok"})), "f != 'tiktok'"),
        (Condition(not_among=frozenset({"x", "tiktok"})), "f not in ('tiktok', 'x')"),
    ],
)
def test_conditions_read_as_an_analyst_would_write_them(condition: Condition, written: str) -> None:
    assert condition.sql("f") == written


def test_paths_and_rules_keep_their_precedence() -> None:
    first = {"a": Condition(at_least=1.0), "b": Condition(below=2.0, unknown=True)}
    second = {"c": Condition(at_least=3.0)}
    assert path_sql(first, ["b", "a"]) == "(b < 2 or b is null) and a >= 1"
    assert rule_sql([first, second], ["a", "b", "c"]) == "(a >= 1 and (b < 2 or b is null)) or c >= 3"
    assert rule_sql([{}], ["a"]) == "true"


@pytest.mark.parametrize("name", ["followers count", "a;drop table b", "x)--", "Ä", "1a", ""])
def test_a_column_that_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(ModelInputError, match="lower case letters"):
        Condition(at_least=1.0).sql(name)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (120_000.0, "120000"),
        (5e9, "5000000000"),
        (1e22, "10000000000000000000000"),
        (0.03, "0.03"),
        (1e-7, "0.0000001"),
        (-2.5, "-2.5"),
    ],
)
def test_numbers_are_literals_without_exponent(value: float, written: str) -> None:
    assert sql_number(value) == written


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_has_no_literal(value: float) -> None:
    with pytest.raises(ValueError, match="no literal"):
        sql_number(value)


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_any_text_comes_back_from_its_literal(value: str) -> None:
    if "\0" in value or not value.isprintable():
        return
    with duckdb.connect() as connection:
        assert connection.execute(f"select {sql_text(value)}").fetchall() == [(value,)]


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [(118_402, 1, 100_000), (118_402, 2, 120_000), (0.03217, 2, 0.032), (-0.0951, 1, -0.1), (9.96, 2, 10), (0.0, 3, 0)],
)
def test_rounding_keeps_significant_digits(value: float, digits: int, rounded: float) -> None:
    assert round_significant(value, digits) == rounded
