"""Whether a mapping fits the values of a file: figures of what cannot be read, before anything lands. Pure.

A mapping is chosen by headers, and headers lie. The bounds are wide: they are for a column that holds something else
altogether, not for dirt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from tribu.landing.contract import NUMBER_LOCALES
from tribu.landing.drafting.values import (
    UNKNOWN_PLACES,
    country_code,
    is_email,
    is_null,
    kinds,
    parse_date,
    parse_number,
)
from tribu.landing.headers import fold_header
from tribu.landing.mapping import TableMapping, Variant

SAMPLED: Final = 2000
"""Records looked at per file."""

_FEW: Final = 10
"""Cells that a column must have before a share of them says anything."""
_MOSTLY: Final = 0.5
_KEYS_LOOKED_AT: Final = 200
_EARLIEST: Final = date(1995, 1, 1)
_NUMBERS: Final = frozenset(
    [
        "followers",
        "following",
        "posts",
        "total_views",
        "total_likes",
        "avg_likes",
        "avg_comments",
        "avg_views",
        "avg_shares",
        "avg_interactions",
        "engagement_rate",
        "likes",
        "comments",
        "shares",
        "saves",
        "views",
    ]
)
_COUNTS: Final = _NUMBERS - {"engagement_rate", "avg_comments", "avg_shares"}
_DATES: Final = frozenset({"observed_at", "account_created_at", "posted_at"})
_COUNTRIES: Final = frozenset({"country", "audience_country"})
_FLAGS: Final = frozenset({"is_verified", "is_business", "is_sponsored"})


def misfits(variant: Variant, records: Sequence[Sequence[str | None]]) -> list[str]:
    """What speaks against ``variant`` in a sample of records, a sentence with figures each; empty when it fits.

    Parameters
    ----------
    records
        Cells, row by row, as many as the variant has headers; an empty cell may be None.
    """
    nulls = {text.strip().lower() for text in variant.null_spellings}

    def cells(index: int) -> list[str]:
        texts = [(record[index] or "").strip() for record in records]
        return [text for text in texts if not is_null(text) and text.lower() not in nulls]

    found: list[str] = []
    for table in variant.tables:
        found += _missing_keys(table, variant, cells, len(records))
        for column, index in table.columns.items():
            name = f"{column} ({fold_header(variant.headers[index])!r})"
            values = [] if column in table.patterns else cells(index)
            if len(values) >= _FEW and (problem := _misfit(column, values, variant)):
                found.append(f"{name}: {problem}")
    return list(dict.fromkeys(found))


def _missing_keys(table: TableMapping, variant: Variant, cells: Callable[[int], list[str]], rows: int) -> list[str]:
    named = {"account_id", "handle"} & {*table.columns, *table.from_path, *table.constants}
    keys = [key for key in ("account_id", "handle") if key in table.columns and key not in table.patterns]
    # What a path or a part of a cell gives is not in these cells.
    if table.row_key is not None or rows < _FEW or not keys or len(keys) < len(named) or {*keys} & {*table.from_path}:
        return []
    most = max(len(cells(table.columns[key])) for key in keys)
    if most < (1 - _MOSTLY) * rows:
        return [f"{' and '.join(keys)}: empty in {rows - most} of {rows} records, which nothing else identifies"]
    return []


def _misfit(column: str, values: Sequence[str], variant: Variant) -> str | None:
    if column in _NUMBERS:
        return _number_misfit(column, values, variant.number_locale)
    if column in _DATES:
        return _date_misfit(values, variant.date_order)
    if column in _COUNTRIES:
        named = [country_code(value) is not None or value.lower() in UNKNOWN_PLACES for value in values]
        return _unread(values, named, "countries")
    if column in _FLAGS:
        return _unread(values, ["boolean" in kinds(value) for value in values], "yes or no")
    if column in ("handle", "account_id", "post_id"):
        return _key_misfit(column, values)
    return None


def _number_misfit(column: str, values: Sequence[str], locale: str) -> str | None:
    comma = NUMBER_LOCALES[locale] == ","
    read = [parse_number(value, comma=comma) for value in values]
    if problem := _unread(values, [number is not None for number in read], "numbers"):
        return problem
    known = [number for number in read if number is not None]
    years = sum(1900 <= number <= 2100 and number == int(number) for number in known)
    # Counts of accounts span decades of size; nothing but years lies within two centuries.
    if column in _COUNTS and years >= 0.9 * len(known) and max(known) > min(known):
        return f"{years} of {len(known)} numbers lie between 1900 and 2100, as years do"
    return None


def _date_misfit(values: Sequence[str], order: str) -> str | None:
    days = [parse_date(value, order) for value in values]
    if problem := _unread(values, [day is not None for day in days], f"dates in the order {order}"):
        return problem
    latest = datetime.now(UTC).date() + timedelta(days=2)
    outside = [day for day in days if day is not None and not _EARLIEST <= day <= latest]
    if len(outside) <= _MOSTLY * len(values):
        return None
    return f"{len(outside)} of {len(values)} dates lie before {_EARLIEST} or in the future, such as {outside[0]}"


def _key_misfit(column: str, values: Sequence[str]) -> str | None:
    distinct = list(dict.fromkeys(values))[:_KEYS_LOOKED_AT]
    countries = sum(country_code(value) is not None for value in distinct) / len(distinct)
    if column == "handle" and countries > 0.8 and len(distinct) > 3:
        return f"{countries:.0%} of its values are countries"
    addresses = sum(is_email(value) for value in distinct) / len(distinct)
    return f"{addresses:.0%} of its values are e-mail addresses" if addresses > _MOSTLY else None


def _unread(values: Sequence[str], read: Sequence[bool], what: str) -> str | None:
    bad = [value for value, good in zip(values, read, strict=True) if not good]
    if len(bad) <= _MOSTLY * len(values):
        return None
    shown = ", ".join(repr(value[:40]) for value in list(dict.fromkeys(bad))[:3])
    return f"{len(bad)} of {len(values)} cells do not read as {what}, such as {shown}"
