"""Mappings: how the columns of a known export become landing columns. Pure; the YAML is read elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as ReadOnlyDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatch
from typing import Final

from tribu.landing.contract import TABLE_COLUMNS
from tribu.landing.headers import fold_header, header_keys, same_headers

LANDING_COLUMNS: Final = "landing_columns"
"""What the ledger names as the mapping of a file whose headers are landing columns."""


@dataclass(frozen=True)
class TableMapping:
    """What one landing table takes from a file.

    Attributes
    ----------
    columns
        Landing column → index of the file's column, from 0.
    constants
        Landing column → the value of every row; where the column is mapped too, of the rows with an empty cell.
    units
        Landing column → unit of a bare number there.
    extra
        Key in ``extra`` → index of the file's column.
    patterns
        Landing column → regular expression (RE2) whose first group is taken of the cell; a cell without it is empty.
    row_key
        Beginning of the ``account_id`` that records get which nothing else identifies: the file's SHA-256 and the
        number of the record follow it. None where a column identifies them.
    """

    table: str
    columns: ReadOnlyDict[str, int]
    constants: ReadOnlyDict[str, str]
    units: ReadOnlyDict[str, str]
    extra: ReadOnlyDict[str, int]
    patterns: ReadOnlyDict[str, str] = field(default_factory=dict)
    row_key: str | None = None

    def gives(self, column: str) -> bool:
        """Tell whether ``column`` is filled at all."""
        return (
            column in self.columns or column in self.constants or (column == "account_id" and self.row_key is not None)
        )


@dataclass(frozen=True)
class Variant:
    """One header line of an export, and what becomes of its columns."""

    mapping: str
    name: str
    source: str
    headers: tuple[str, ...]
    tables: tuple[TableMapping, ...]
    ignored: tuple[int, ...] = ()
    filename: str | None = None
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    skip_lines_after_header: int = 0
    number_locale: str = "en"
    date_order: str = "ymd"
    null_spellings: tuple[str, ...] = ()
    withheld: ReadOnlyDict[int, str] = field(default_factory=dict)
    """Index of a column that does not land because its header is sensitive → the subject."""
    unsettled: ReadOnlyDict[str, str] = field(default_factory=dict)
    """What a person has to settle before anything is imported → the question."""
    extra_table: str | None = None
    """The table that keeps the columns that are not mapped."""

    @property
    def label(self) -> str:
        """Name in the ledger: ``mapping/variant``."""
        return self.mapping if self.mapping == self.name else f"{self.mapping}/{self.name}"

    def fits(self, headers: Sequence[str]) -> bool:
        """Tell whether a file with these headers is of this variant."""
        return same_headers(self.headers, headers)

    def fits_name(self, filename: str) -> bool:
        """Tell whether the file's name is one that the variant declares (any, when it declares none)."""
        return self.filename is None or fnmatch(filename.casefold(), self.filename.casefold())

    def with_options(self, *, platform: str | None, observed_at: str | None) -> Variant:
        """The variant with the constants that the command line gives, which win over its own."""
        given = {"platform": platform, "observed_at": observed_at}
        chosen = {column: value for column, value in given.items() if value is not None}
        return replace(
            self,
            tables=tuple(replace(table, constants={**table.constants, **chosen}) for table in self.tables),
            unsettled={name: question for name, question in self.unsettled.items() if name not in chosen},
        )

    def with_sensitive(self) -> Variant:
        """The variant that lands sensitive columns too, in ``extra`` of the table that keeps the others."""
        keys = header_keys(self.headers)
        kept = {keys[index]: index for index in self.withheld}
        return replace(
            self,
            tables=tuple(
                replace(table, extra=dict(sorted({**table.extra, **kept}.items(), key=lambda pair: pair[1])))
                if table.table == self.extra_table
                else table
                for table in self.tables
            ),
            withheld={},
        )

    def digest(self) -> str:
        """SHA-256 of everything that decides what lands, titles and comments left aside."""
        parts = asdict(self) | {"headers": [fold_header(cell).casefold() for cell in self.headers]}
        # What does not land shows by its absence from `extra`; what is not used must not change digests of before.
        for name in ("withheld", "unsettled", "extra_table"):
            del parts[name]
        for table in parts["tables"]:
            for name in ("patterns", "row_key"):
                if not table[name]:
                    del table[name]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Mapping:
    """A known export: its variants differ in headers, not in what they are about."""

    name: str
    title: str
    variants: tuple[Variant, ...]


def landing_columns_variant(headers: Sequence[str], *, delimiter: str, platform: str | None) -> Variant | None:
    """Variant for a file whose headers are landing columns, or None when they are not.

    Any subset will do that names ``handle`` or ``account_id`` and, unless ``platform`` is given, ``platform``.
    A file with ``post_id`` or ``url`` is one of posts, any other one of accounts.
    """
    names = [fold_header(cell).casefold() for cell in headers]
    table = "posts" if {"post_id", "url"} & set(names) else "accounts"
    if len(set(names)) != len(names) or not set(names) <= set(TABLE_COLUMNS[table]):
        return None
    if not {"handle", "account_id"} & set(names) or ("platform" not in names and platform is None):
        return None
    columns = {name: index for index, name in enumerate(names)}
    return Variant(
        mapping=LANDING_COLUMNS,
        name=LANDING_COLUMNS,
        source=LANDING_COLUMNS,
        headers=tuple(headers),
        delimiter=delimiter,
        tables=(TableMapping(table, columns, {"source": LANDING_COLUMNS}, {}, {}),),
    )


def extra_columns(headers: Sequence[str], *, mapped: Sequence[int], ignored: Sequence[int]) -> dict[str, int]:
    """Key and index of every column that is neither mapped nor ignored, in the order of the file."""
    used = {*mapped, *ignored}
    return {key: index for index, key in enumerate(header_keys(headers)) if index not in used}
