"""Cells and columns: numbers, dates, places and addresses, and that they are read as the build reads them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from tests.dates import NO_DATES, WRITTEN_DATES

from tribu.landing.drafting.profiles import ColumnProfile, constant_within, ratio, same_countries
from tribu.landing.drafting.values import (
    KNOWN_NULLS,
    MONTHS,
    POWERS,
    is_date,
    kinds,
    parse_date,
    parse_number,
    separator,
)

PARSING = Path(__file__).parents[3] / "dbt_project" / "macros" / "parsing.sql"


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("3.3k", False, 3300),
        ("1,2 Mio", True, 1_200_000),
        ("1,5 mil", True, 1500),
        ("12 mil", False, None),
        ("12.5万", False, 125_000),
        ("1.2亿", False, 120_000_000),
        ("3.4만", False, 34_000),
        ("2억", False, 200_000_000),
        ("1,23,456", False, 123_456),
        ("1.234.567", True, 1_234_567),
        ("1 234 567", False, 1_234_567),
        ("12'345", False, 12_345),
        ("2.28E+11", False, 228_000_000_000),
        ("1.39%", False, 0.0139),
        ("−4", False, -4),
        ("1,23", False, None),
        ("12 followers", False, None),
        ("", False, None),
        ("-", False, None),
        (".", False, None),
        ("9e99k", False, 9e102),
    ],
)
def test_numbers(text: str, comma: bool, number: float | None) -> None:
    assert parse_number(text, comma=comma) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("1,5", ","), ("1.5", "."), ("1,234", "?"), ("1.234", "?"), ("1.234,5", ","), ("1,234.5", "."), ("1.234.567", ","),
     ("1,234,567", "."), ("1,23,456", "."), ("0,123", ","), ("12", None), ("1,5 k", ","), ("12.3M", "."), ("0.250%", ".")],
)  # fmt: skip
def test_the_decimal_mark_of_a_number(text: str, mark: str | None) -> None:
    assert separator(text) == mark


def test_suffixes_and_nulls_are_those_of_the_build() -> None:
    sql = PARSING.read_text(encoding="utf-8")
    suffixes = sql[sql.index("macro number_suffixes") :]
    suffixes = suffixes[: suffixes.index("endmacro")]
    assert {name: int(power) for name, power in re.findall(r"'([^']+)': (\d+)", suffixes)} == POWERS
    nulls = sql[sql.index("macro null_if_blank(") :]
    nulls = nulls[nulls.index(" in (") : nulls.index(") then null")]
    assert {text.replace("''", "'") for text in re.findall(r"'((?:[^']|'')*)'", nulls)} == KNOWN_NULLS


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [("2026-03-01", "ymd", "2026-03-01"), ("2026-03-01T10:00:00.123+02:00", "ymd", "2026-03-01"), ("20260301", "ymd", "2026-03-01"),
     ("03/01/2026", "mdy", "2026-03-01"), ("01.03.2026 10:30", "dmy", "2026-03-01"), ("1772323200", "ymd", "2026-03-01"),
     ("1772323200000", "ymd", "2026-03-01"), ("13/13/2026", "dmy", None), ("01/03/2026", "ymd", None), ("soon", "ymd", None)],
)  # fmt: skip
def test_dates(text: str, order: str, day: str | None) -> None:
    found = parse_date(text, order)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(("text", "order", "moment"), WRITTEN_DATES)
def test_dates_in_words_are_those_of_the_build(text: str, order: str, moment: str) -> None:
    found = parse_date(text, order)
    assert found is not None
    # drafts ask for the day alone, and so as it is written
    assert abs((found - date.fromisoformat(moment[:10])).days) <= 1


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_none_for_the_build_either(text: str) -> None:
    assert parse_date(text) is None


def test_names_of_months_are_those_of_the_build() -> None:
    sql = PARSING.with_name("written_dates.sql").read_text(encoding="utf-8")
    stated = re.findall(r"\d+: '([a-z ]+)'", sql[sql.index("macro month_names") : sql.index("macro month_number")])
    assert tuple(stated) == MONTHS


def test_a_count_of_ten_digits_is_no_date_unless_its_second_is_of_these_decades() -> None:
    assert is_date("1604786417")
    assert not is_date("6196161750")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("@a.b_c", "at_handle"), ("FR", "country"), ("Estados Unidos", "country"), ("대한민국", "country"), ("pt-BR", "language"),
     ("Deutsch", "language"), ("UCabcdefghijklmnopqrstuv", "channel_id"), ("6892428462015958273", "long_id"), ("a@b.org", "email"),
     ("+33 1 23 45 67 89", "phone"), ("https://www.tiktok.com/@a", "address"), ("instagram.com/p/Abc", "post_address"),
     ("['a', 'b']", "list"), ("so #nice #day", "hashtag"), ("PT4M3S", "duration"), ("1:02:03", "duration"), ("TRUE", "boolean")],
)  # fmt: skip
def test_kinds(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    ("text", "kind"), [("03/03/2026", "phone"), ("0123456", "phone"), ("13.8M", "handle"), ("100,000", "country")]
)
def test_what_a_cell_is_not(text: str, kind: str) -> None:
    assert kind not in kinds(text)


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "(" * 5000, "1," * 20_000, "https://" + "a." * 20_000, "@" * 9000, "+1" + " " * 9000]
)
def test_no_cell_takes_long(text: str) -> None:
    assert isinstance(kinds(text), frozenset)


def column(*cells: str) -> ColumnProfile:
    return ColumnProfile("x", cells)


def test_a_share_is_of_distinct_values_that_say_something() -> None:
    assert column("FR", "FR", "FR", "N/A", "", "blue").share("country") == 0.5
    assert column("", "-").share("country") == 0.0


def test_orders_of_dates_are_decided_by_numbers_above_twelve() -> None:
    assert column("01/02/2026", "25/02/2026").date_orders == {"dmy"}
    assert column("02/25/2026").date_orders == {"mdy"}
    assert column("01/02/2026").date_orders == {"dmy", "mdy"}
    assert column("25/02/2026", "02/25/2026").date_orders == set()


def test_a_column_that_numbers_the_rows() -> None:
    assert column(*(f"{n}.00" for n in range(1, 20))).is_sequence
    assert not column(*(str(n * n) for n in range(1, 20))).is_sequence


def test_two_columns_row_by_row() -> None:
    assert ratio(column("10", "20", "", "40"), column("100", "200", "300", "400")) == pytest.approx(0.1)
    assert ratio(column("1", "2"), column("1", "2")) is None
    assert same_countries(column("FR", "DE"), column("France", "Allemagne")) == 1.0
    assert constant_within(column("1", "1", "2", "3"), column("a", "a", "b", "b")) == 0.5
    assert constant_within(column("1"), column("a")) == 0.0


def test_texts_that_repeat_among_numbers_are_spellings_of_nothing() -> None:
    assert column("1", "2", "3", "s/d", "4", "s/d", "odd").odd_nulls == ["s/d"]
