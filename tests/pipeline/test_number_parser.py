"""Numbers as people write them: whatever is written is read as it was meant, and no text at all is more than a number or null.

The parser is a macro. It is compiled once, and hypothesis asks DuckDB.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import run_dbt

from tribu.landing.drafting.values import parse_number

Read = Callable[[list[str]], list[tuple[float | None, float | None]]]
"""Texts → what a locale with decimal points and one with decimal commas read."""

INLINE = (
    "select {{ parse_number('cell', 'false', percent=true) }} as points, {{ parse_number('cell', 'true', percent=true) }} as commas "
    "from cells order by place"
)
POWERS = {
    "": 0, "k": 3, "K": 3, "tsd": 3, " thousand": 3, "m": 6, "M": 6, " million": 6, "Mio": 6, "b": 9, "Mrd": 9, " lakh": 5, " crore": 7,
    "万": 4, "亿": 8, "%": -2,
}  # fmt: skip
GROUPS = {"points": [",", " ", "'", "\u202f", "’", ""], "commas": [".", " ", "\u00a0", "\u2009", ""]}
NEARLY = st.text(st.sampled_from("0123456789.,,.  eE+-−%kKmMilbnd'’\u202f_x٣½²\u200f\n"), max_size=12)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    done = run_dbt(tmp_path_factory.mktemp("parser"), "--quiet", "compile", "--inline", INLINE)
    assert done.exit_code == 0, done.log
    sql = done.log[done.log.index("select") :]
    connection = duckdb.connect()

    def ask(texts: list[str]) -> list[tuple[float | None, float | None]]:
        connection.execute("create or replace temp table cells as select unnest(?::varchar[]) as cell, unnest(range(?)) as place", [texts, len(texts)])  # fmt: skip
        return connection.execute(sql).fetchall()

    return ask


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str, float]:
    """A number as somebody writes it, the kind of locale, and the number that is meant."""
    kind = draw(st.sampled_from(["points", "commas"]))
    whole = draw(st.integers(0, 10**12))
    decimals = draw(st.text("0123456789", max_size=4))
    sign = draw(st.sampled_from(["", "-", "+", "−"]))
    suffix = draw(st.sampled_from(sorted(POWERS)))
    group = draw(st.sampled_from(GROUPS[kind]))
    mark = "." if kind == "points" else ","
    text = f"{sign}{f'{whole:,}'.replace(',', group)}{mark + decimals if decimals else ''}{suffix}"
    meant = Decimal(f"{whole}.{decimals or 0}") * Decimal(10) ** POWERS[suffix]
    return kind, text, float(-meant if sign in "-−" and sign else meant)


@given(st.lists(written(), min_size=1, max_size=20))
@MANY
def test_what_is_written_is_read_as_it_was_meant(read: Read, numbers: list[tuple[str, str, float]]) -> None:
    for (kind, text, meant), (points, commas) in zip(numbers, read([text for _, text, _ in numbers]), strict=True):
        assert (points if kind == "points" else commas) == meant, text


@given(st.lists(NEARLY | st.text(max_size=20).filter(lambda text: "\0" not in text), min_size=1, max_size=20))
@MANY
def test_any_text_is_a_number_or_null(read: Read, texts: list[str]) -> None:
    for text, values in zip(texts, read(texts), strict=True):
        for value in values:
            assert value is None or math.isfinite(value), text
            assert value is None or any(letter.isdigit() for letter in text), text


@given(st.lists(NEARLY, min_size=1, max_size=20))
@MANY
def test_drafts_read_as_staging_does(read: Read, texts: list[str]) -> None:
    """`tribu mapping draft` weighs columns with a parser of its own, in Python: it must see what the build will see."""
    for text, values in zip(texts, read(texts), strict=True):
        assert (parse_number(text), parse_number(text, comma=True)) == values, text
