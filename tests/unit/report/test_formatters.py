"""Numbers and dates as text, at their edges."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribu.report import formatters as f
from tribu.report.language import ENGLISH, Language, read_language

NBSP = "\u00a0"
MINUS = "\u2212"
NARROW = "\u202f"
FRENCH = read_language(Path(__file__).resolve().parents[3] / "reports" / "locale", "fr")
LANGUAGES = pytest.mark.parametrize("lang", [ENGLISH, FRENCH], ids=["en", "fr"])


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
    *(
        lambda value, unit=unit, *, lang=ENGLISH: f.format_measure(value, unit, lang=lang)
        for unit in ("count", "ratio", "days", "per_week")
    ),
]


@pytest.mark.parametrize("formatter", NUMBER_FORMATTERS)
@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
@LANGUAGES
def test_what_is_not_known_is_a_dash(formatter: Callable[..., str], value: float | None, lang: Language) -> None:
    assert formatter(value, lang=lang) == f.NOT_KNOWN


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_formatter_ever_writes_nan_or_minus_zero(value: float) -> None:
    for formatter, lang in product(NUMBER_FORMATTERS, (ENGLISH, FRENCH)):
        text = formatter(value, lang=lang)
        assert not any(word in text.lower() for word in ("nan", "inf", "none", "-"))
        assert not (text.startswith(MINUS) and set(re.sub(r"[^0-9]", "", text)) == {"0"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (950, "950"),
        (12.5, "12,5"),
        (999.6, "1,0 k"),
        (12_345, "12,3 k"),
        (999_960, "1,0 M"),
        (999_960_000, "1,0 Md"),
        (4_500_000_000_000, f"4{NARROW}500 Md"),
        (-1_500, f"{MINUS}1,5 k"),
    ],
)
def test_compact_in_french(value: float, text: str) -> None:
    assert f.format_compact(value, lang=FRENCH) == text.replace(" ", NBSP)


def test_french_marks_and_spaces() -> None:
    assert f.format_integer(1_234_567, lang=FRENCH) == f"1{NARROW}234{NARROW}567"
    assert f.format_percent(0.0123, lang=FRENCH) == f"1,2{NARROW}%"
    assert f.format_percent(0.00001, lang=FRENCH) == f"<{NBSP}0,01{NARROW}%"
    assert f.format_percent(0.9999, lang=FRENCH) == f">{NBSP}99,9{NARROW}%"
    assert f.format_score(-0.42, lang=FRENCH) == f"{MINUS}0,42"
    assert f.format_deviation(1.26, lang=FRENCH) == "+1,3"
    assert f.format_rate(0.01, lang=FRENCH) == f"<{NBSP}0,1"
    assert f.format_measure(2, "per_week", lang=FRENCH) == f"2,0{NBSP}par{NBSP}semaine"


@pytest.mark.parametrize(
    ("days", "english", "french"),
    [
        (0, "0 days", "0 jour"),
        (1, "1 day", "1 jour"),
        (1.5, "1.5 days", "1,5 jour"),
        (1.96, "2.0 days", "2,0 jours"),
        (2, "2 days", "2 jours"),
        (1_200, "1,200 days", f"1{NARROW}200 jours"),
    ],
)
def test_each_language_has_its_own_plural(days: float, english: str, french: str) -> None:
    assert f.format_days(days, lang=ENGLISH) == english.replace(" ", NBSP)
    assert f.format_days(days, lang=FRENCH) == french.replace(" ", NBSP)


def test_countries_by_their_codes() -> None:
    assert [f.format_country(code, lang=ENGLISH) for code in ("US", "gb", "ZZ", "Q1")] == [
        "United States",
        "United Kingdom",
        None,
        None,
    ]
    assert [f.format_country(code, lang=FRENCH) for code in ("US", "DE")] == ["États-Unis", "Allemagne"]


def test_dates_in_french() -> None:
    assert f.format_date(date(2026, 11, 22), lang=FRENCH) == f"22{NBSP}novembre 2026"
    assert f.format_date(date(2026, 1, 1), lang=FRENCH) == f"1er{NBSP}janvier 2026"
    assert f.format_date(date(2026, 8, 11), lang=FRENCH) == f"11{NBSP}août 2026"
    moment = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
    assert f.format_moment(moment, lang=FRENCH) == f"1er{NBSP}mars 2026 à 09:05{NBSP}UTC"


def test_dates() -> None:
    assert f.format_date(date(2026, 11, 2)) == f"2{NBSP}November 2026"
    assert f.format_date(None) == f.NOT_KNOWN
    assert f.format_moment(datetime(2026, 11, 22, 16, 48, 59)) == f"22{NBSP}November 2026, 16:48{NBSP}UTC"
    paris = timezone(timedelta(hours=1))
    assert f.format_moment(datetime(2026, 11, 22, 0, 30, tzinfo=paris)) == f"21{NBSP}November 2026, 23:30{NBSP}UTC"
    assert f.format_moment(datetime(2026, 1, 1, tzinfo=UTC)) == f"1{NBSP}January 2026, 00:00{NBSP}UTC"


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0, "0"), (0.1, "10"), (0.005, "0.5"), (0.0125, "1.25"), (0.8, "80"), (1, "100"), (0.999, "99.9"), (0.29, "29")],
)
def test_a_bound_has_the_decimals_that_it_was_set_with(ratio: float, text: str) -> None:
    """Not 99.9 % for a bound of 1, nor 0.50 % for one of a half: it is what somebody wrote, not what was measured."""
    assert f.format_points(ratio) == f"{text}{NBSP}%"
    assert f.format_points(ratio, lang=FRENCH) == f"{text.replace('.', ',')}{NARROW}%"


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (0.1234, False, "0.12"),
        (-0.004, True, "0.00"),
        (0.004, True, "0.00"),
        (1.234, True, "+1.23"),
        (-1.2, True, f"{MINUS}1.20"),
        (None, True, f.NOT_KNOWN),
        (math.nan, False, f.NOT_KNOWN),
        (math.inf, False, f.NOT_KNOWN),
    ],
)
def test_decimals_are_as_many_as_asked_for(value: float | None, signed: bool, text: str) -> None:
    assert f.format_decimal(value, decimals=2, signed=signed) == text
