"""Stable pseudonyms in the place of whatever names a person, before any page is built.

One transformation over the tables of the report, by the names of their columns: a page, a picture, a download or
a field of ``report.json`` that is added later is made of rows that hold no name any more.

Pseudonyms are keyed hashes (HMAC-SHA-256, RFC 2104) and not plain ones: handles are public, so anybody could hash
them all and compare. With the same key a person has the same pseudonym in every rendering; without the key nobody
can tell whose it is.
"""

from __future__ import annotations

import hmac
import math
import os
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pyarrow as pa

from tribu.errors import ProjectError

KEY_VARIABLE: Final = "TRIBU_PSEUDONYM_KEY"
"""Environment variable with the secret; without it every rendering has a key of its own."""

_KEY_LEAST: Final = 16
_DIGITS: Final = 12
_SIGNIFICANT: Final = 2

# Keys are hashes of platform and handle, which anybody can compute: they name a person as much as the handle does.
_PERSON_KEYS: Final = re.compile(r"(?:^|_)(?:influencer|lookalike|account|person|creator|member|post)_key$")
_IDS: Final = re.compile(r"(?:^|_)(?:account|channel|user|post|video)_id$")
_NAMES: Final = re.compile(r"(?:^|_)(?:handles?|username|display_name|(?:influencer|account|channel|user|real)_name)$")
_TEXTS: Final = re.compile(r"(?:^|_)(?:bio|captions?|e?mail|urls?|links?)$")
# What a person is counted by: exact figures would be found again by whoever looks them up.
_FIGURES: Final = re.compile(r"_(?:count|ratio|per_week)$|^er_|^engagement_iqr$|^value$")
# Words in which a name may stand.
_TERMS: Final = re.compile(r"(?:^|_)(?:term|hashtag)$")
# A name of so many letters is looked for within terms; a shorter one must be all of it: "food" is in "#foodie".
_LONG_NAME: Final = 8


def pseudonym_key() -> bytes:
    """Return the secret from the environment, or one that nobody has had before.

    Raises
    ------
    ProjectError
        When the secret is too short to be one.
    """
    given = os.environ.get(KEY_VARIABLE, "")
    if not given:
        return secrets.token_bytes(32)
    if len(given) < _KEY_LEAST:
        raise ProjectError(
            expected=f"at least {_KEY_LEAST} characters in {KEY_VARIABLE}",
            got=f"{len(given)}",
            remedy="set a longer one that nobody guesses, or unset it: each rendering then has pseudonyms of its own",
        )
    return given.encode()


def pseudonymised(tables: Mapping[str, pa.Table], key: bytes) -> dict[str, pa.Table]:
    """Replace whatever names a person in the tables of the report.

    Keys and ids become pseudonyms, the same wherever the same person stands. Names are removed where the row has a key
    to be called by, and become pseudonyms where it has none; links, bios and captions are removed; figures of single
    people are rounded to two significant digits, for an exact count of followers is as good as a name; terms that are
    or hold a name are left out.

    Parameters
    ----------
    tables
        The ``rpt_*`` tables by name; any other table is treated alike.
    key
        The secret.
    """
    names = _names(tables)
    return {name: _without_names(table, key, names) for name, table in tables.items()}


def pseudonym(value: str, key: bytes) -> str:
    """Return the pseudonym of a key, an id or a name: ``p-`` and twelve digits; it can stand in the name of a file."""
    return "p-" + hmac.digest(key, value.encode("utf-8", errors="replace"), "sha256").hex()[:_DIGITS]


def _without_names(table: pa.Table, key: bytes, names: frozenset[str]) -> pa.Table:
    columns = table.column_names
    has_key = any(_PERSON_KEYS.search(column) for column in columns)
    for position, column in enumerate(columns):
        if _PERSON_KEYS.search(column) or _IDS.search(column):
            table = _mapped(table, position, lambda value: pseudonym(value, key))
        elif _NAMES.search(column):
            # a platform writes a handle in any case
            table = _mapped(table, position, None if has_key else lambda value: pseudonym(value.lower(), key))
        elif _TEXTS.search(column):
            table = _mapped(table, position, None)
        elif has_key and _FIGURES.search(column):
            table = _mapped(table, position, _rounded)
    for column in filter(_TERMS.search, columns):
        kept = [value is None or not _holds(value, names) for value in _values(table.column(column))]
        table = table.filter(pa.array(kept, pa.bool_()))
    return table


def _mapped(table: pa.Table, position: int, change: Callable[[Any], Any] | None) -> pa.Table:
    """Change the known values of a column, or with None remove them; lists are changed value by value."""
    field, column = table.schema.field(position), table.column(position)
    kind = field.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    elif pa.types.is_decimal(kind):
        # sum() of whole numbers; Arrow would refuse a decimal of another precision
        kind = pa.int64() if kind.scale == 0 else pa.float64()

    def changed(value: Any) -> Any:
        if value is None or change is None:
            return None
        return [changed(one) for one in value] if isinstance(value, list) else change(value)

    values = [changed(value) for value in _values(column.cast(kind))]
    return table.set_column(position, pa.field(field.name, kind), pa.array(values, kind))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Read a column; one broken handle must not stop a report (as `tribu.report.arrow` reads text)."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return list(column.to_pylist())
    texts = column.cast(pa.large_string()).cast(pa.large_binary()).to_pylist()
    return [None if text is None else text.decode("utf-8", errors="replace") for text in texts]


def _rounded(value: Any) -> Any:
    """Round to two significant digits: 12,345 is 12,000, 0.02345 is 0.023."""
    if isinstance(value, bool | str) or not value or not math.isfinite(value):
        return value
    return round(value, _SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))


def _names(tables: Mapping[str, pa.Table]) -> frozenset[str]:
    """Collect the names of all people in the tables, as terms are written."""
    found: set[str] = set()
    for table in tables.values():
        for column in filter(_NAMES.search, table.column_names):
            for value in _values(table.column(column)):
                found.update(_plain(one) for one in (value if isinstance(value, list) else [value]) if one)
    return frozenset(found - {""})


def _holds(term: str, names: Iterable[str]) -> bool:
    plain = _plain(term)
    return any(name == plain or (len(name) >= _LONG_NAME and name in plain) for name in names)


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
