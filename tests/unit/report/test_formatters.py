"""Numbers and dates as text, at their edges."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribu.report import formatters as f
from tribu.report.language import Language

NBSP = "\u00a0"
MINUS = "\u2212"
FRENCH_MARKS = Language(code="fr", decimal_mark=",", group_mark="\u202f")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (12.5, "12.5"),
        (950, "950"),
        (949.6, "950"),
        (999.4, "999"),
        (999.6, "1.0k"),
        (1_234, "1.2k"),
        (12_345, "12.3k"),
        (999_940, "999.9k"),
        (999_960, "1.0M"),
        (1_234_567, "1.2M"),
        (999_960_000, "1.0B"),
        (29_000_000_000, "29.0B"),
        (4_500_000_000_000, "4,500B"),
        (-1_500, f"{MINUS}1.5k"),
    ],
)
def test_compact(value: float, text: str) -> None:
    assert f.format_compact(value) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.0, "0 %"),
        (-0.0, "0 %"),
        (0.0123, "1.2 %"),
        (0.0004, "0.04 %"),
        (0.00001, "< 0.01 %"),
        (0.0099, "0.99 %"),
        (0.5, "50.0 %"),
        (0.9994, "99.9 %"),
        (0.9999, "> 99.9 %"),
        (1.0, "100 %"),
        (3.5, "350.0 %"),
        (12.0, "1,200 %"),
        (-0.032, f"{MINUS}3.2 %"),
        (-0.00001, "0.00 %"),
    ],
)
def test_percent(ratio: float, text: str) -> None:
    assert f.format_percent(ratio) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("days", "text"), [(0, "0 days"), (1, "1 day"), (1.0, "1 day"), (3.54, "3.5 days"), (120.4, "120 days")]
)
def test_days(days: float, text: str) -> None:
    assert f.format_days(days) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("z", "text"), [(1.26, "+1.3"), (-0.44, f"{MINUS}0.4"), (0.04, "0.0"), (-0.04, "0.0"), (12.3, "+12")]
)
def test_deviation_has_a_sign_and_no_negative_zero(z: float, text: str) -> None:
    assert f.format_deviation(z) == text


def test_rate_does_not_round_something_to_nothing() -> None:
    assert f.format_rate(0.01) == f"<{NBSP}0.1"
    assert f.format_rate(0.0) == "0.0"
    assert f.format_rate(3.44) == "3.4"


def test_measure_speaks_each_unit() -> None:
    assert f.format_measure(1_500, "count") == "1.5k"
    assert f.format_measure(0.05, "ratio") == f"5.0{NBSP}%"
    assert f.format_measure(2, "days") == f"2{NBSP}days"
    assert f.format_measure(2, "per_week") == f"2.0{NBSP}per{NBSP}week"
    with pytest.raises(ValueError, match="furlong"):
        f.format_measure(1, "furlong")


NUMBER_FORMATTERS = [
    f.format_integer,
    f.format_compact,
    f.format_percent,
    f.format_days,
    f.format_rate,
    f.format_score,
    f.format_deviation,
    *(lambda value, unit=unit: f.format_measure(value, unit) for unit in ("count", "ratio", "days", "per_week")),
]


@pytest.mark.parametrize("formatter", NUMBER_FORMATTERS)
@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_what_is_not_known_is_a_dash(formatter: Callable[[float | None], str], value: float | None) -> None:
    assert formatter(value) == f.NOT_KNOWN


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_formatter_ever_writes_nan_or_minus_zero(value: float) -> None:
    for formatter in NUMBER_FORMATTERS:
        text = formatter(value)
        assert not any(word in text.lower() for word in ("nan", "inf", "none", "-"))
        assert not (text.startswith(MINUS) and set(re.sub(r"[^0-9]", "", text)) == {"0"})


def test_another_language_brings_its_marks() -> None:
    assert f.format_integer(1_234_567, lang=FRENCH_MARKS) == "1\u202f234\u202f567"
    assert f.format_percent(0.0123, lang=FRENCH_MARKS) == f"1,2{NBSP}%"


def test_dates() -> None:
    assert f.format_date(date(2026, 11, 2)) == f"2{NBSP}November 2026"
    assert f.format_date(None) == f.NOT_KNOWN
    assert f.format_moment(datetime(2026, 11, 22, 16, 48, 59)) == f"22{NBSP}November 2026, 16:48{NBSP}UTC"
    paris = timezone(timedelta(hours=1))
    assert f.format_moment(datetime(2026, 11, 22, 0, 30, tzinfo=paris)) == f"21{NBSP}November 2026, 23:30{NBSP}UTC"
    assert f.format_moment(datetime(2026, 1, 1, tzinfo=UTC)) == f"1{NBSP}January 2026, 00:00{NBSP}UTC"
