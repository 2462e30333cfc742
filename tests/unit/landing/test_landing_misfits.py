"""Checks before landing: a mapping that the values speak against stops with the figures, and landing is as before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tribu.errors import MappingError
from tribu.landing.importing import import_files
from tribu.landing.mapping import TableMapping, Variant
from tribu.landing.misfits import misfits

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]


def variant(column: str, **options: Any) -> Variant:
    table = TableMapping("accounts", {"handle": 0, column: 1}, {"platform": "x", "source": "lists"}, {}, {})
    return Variant("lists", "lists", "lists", ("User", "Value"), (table,), **options)


def found(column: str, *values: str | None, **options: Any) -> list[str]:
    return misfits(variant(column, **options), [(f"user{n}", value) for n, value in enumerate(values)])


@pytest.mark.parametrize(
    ("column", "values", "figure"),
    [
        (
            "followers",
            ["France", "Spain", "Italy"] * 5 + ["12"] * 3,
            "15 of 18 cells do not read as numbers, such as 'France'",
        ),
        ("followers", [str(1990 + n) for n in range(20)], "20 of 20 numbers lie between 1900 and 2100"),
        ("observed_at", ["12.3K"] * 12, "12 of 12 cells do not read as dates"),
        ("observed_at", [f"{n + 13}/01/2026" for n in range(12)], "dates in the order ymd"),
        ("account_created_at", [f"18{n:02d}-01-01" for n in range(10, 30)], "20 of 20 dates lie before"),
        ("observed_at", [f"29{n:02d}-01-01" for n in range(10, 30)], "in the future"),
        ("country", [f"{n}.5K" for n in range(15)], "do not read as countries"),
        ("is_verified", [f"{n + 2}" for n in range(15)], "do not read as yes or no"),
    ],
)
def test_what_does_not_fit_is_told_with_figures(column: str, values: list[str], figure: str) -> None:
    (told,) = found(column, *values)
    assert figure in told
    assert column in told
    assert "'Value'" in told


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("followers", ["12.3K", "1,234", "N/A", "3 Mio", "#VALOR!"] * 4),
        ("followers", ["n.c."] * 30 + ["5"]),
        ("followers", [str(1990 + n * 300) for n in range(20)]),
        ("followers", ["2000"] * 20),
        ("followers", ["France"] * 6),
        ("observed_at", ["2026-01-01", "1604786417"] * 8),
        ("country", ["France", "DE", "Unknown", "0", "España", "대한민국"] * 3),
        ("is_verified", ["oui", "non", "1", "0"] * 4),
        ("engagement_rate", ["1.39%", "0.02", "nan"] * 5),
        ("display_name", ["1234", "France", "12.3K"] * 5),
    ],
)
def test_dirt_is_no_misfit(column: str, values: list[str]) -> None:
    assert found(column, *values, null_spellings=("n.c.",)) == []


def test_the_declared_order_and_locale_count() -> None:
    dates = [f"{n + 13}/01/2026" for n in range(12)]
    assert found("account_created_at", *dates, date_order="dmy") == []
    numbers = [f"{n + 1}.234,5" for n in range(12)]
    assert found("followers", *numbers, number_locale="de") == []
    assert found("followers", *numbers, number_locale="en")


def test_records_without_a_key() -> None:
    records = [("", "5")] * 15 + [("ana", "6")] * 5
    (told,) = misfits(variant("followers"), records)
    assert told == "handle: empty in 15 of 20 records, which nothing else identifies"


def test_handles_that_are_countries_or_addresses() -> None:
    countries = [(name, "5") for name in ("France", "Spain", "Italy", "Peru", "Chile") * 4]
    assert "countries" in misfits(variant("followers"), countries)[0]
    mails = [(f"u{n}@example.org", "5") for n in range(12)]
    assert "e-mail" in misfits(variant("followers"), mails)[0]


MAPPING = """
name: lists
title: Lists
variants:
  - name: lists
    headers: [User, Joined, Fans]
    tables:
      accounts:
        constants: {platform: x}
        columns: {handle: User, followers: Joined}
"""
DATA = "User,Joined,Fans\n" + "".join(f"u{n},{2005 + n},{n * 1000}\n" for n in range(15))


def test_a_misfit_stops_and_leaves_landing_untouched(
    write: Write, landing: Path, snapshot: Callable[[], dict[str, bytes | None]]
) -> None:
    import_files(landing, [write("first.csv", "platform,handle\nx,ana\n")])
    before = snapshot()
    mapping = write("lists.yml", MAPPING)
    before = snapshot()
    with pytest.raises(MappingError) as told:
        import_files(landing, [write("a.csv", DATA)], mapping=str(mapping))
    assert "15 of 15 numbers lie between 1900 and 2100" in told.value.got
    assert "--accept" in told.value.remedy
    after = snapshot()
    assert {path: content for path, content in after.items() if "landing" in path} == {
        path: content for path, content in before.items() if "landing" in path
    }


def test_accepted_it_lands_and_says_so(write: Write, landing: Path, rows: Rows) -> None:
    said: list[str] = []
    import_files(
        landing, [write("a.csv", DATA)], mapping=str(write("lists.yml", MAPPING)), accept=True, say=said.append
    )
    assert [row["followers"] for row in rows("accounts")] == [str(2005 + n) for n in range(15)]
    assert any(line.startswith("accepted: a.csv as lists: followers ('Joined')") for line in said)


def test_a_file_whose_headers_are_landing_columns_is_checked_too(write: Write, landing: Path) -> None:
    content = "platform,handle,followers\n" + "".join(f"x,u{n},France\n" for n in range(12))
    with pytest.raises(MappingError, match="12 of 12 cells do not read as numbers"):
        import_files(landing, [write("a.csv", content)])


def test_a_misfit_far_down_the_file_is_seen(write: Write, landing: Path) -> None:
    lines = [f"x,u{n},{n}" if n < 1000 else f"x,u{n},Peru {n}" for n in range(9000)]
    with pytest.raises(MappingError, match="do not read as numbers"):
        import_files(landing, [write("a.csv", "platform,handle,followers\n" + "\n".join(lines) + "\n")])
