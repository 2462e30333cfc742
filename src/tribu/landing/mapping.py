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
    from_path
        Landing column → regular expression that finds its value in a file's path; it stands in for empty cells as a
        constant does, and before one.
    """

    table: str
    columns: ReadOnlyDict[str, int]
    constants: ReadOnlyDict[str, str]
    units: ReadOnlyDict[str, str]
    extra: ReadOnlyDict[str, int]
    from_path: ReadOnlyDict[str, str] = field(default_factory=dict)

    def gives(self, column: str) -> bool:
        """Tell whether ``column`` is filled at all."""
        return column in self.columns or column in self.constants or column in self.from_path


@dataclass(frozen=True)
class Variant:
    """One header line of an export, and what becomes of its columns.

    Attributes
    ----------
    delimiter, encoding
        None where they are told from the file.
    sheet
        Name of the only sheet of a workbook that is of this variant.
    records
        Where in a JSON object the list of records is: keys joined by dots.
    """

    mapping: str
    name: str
    source: str
    headers: tuple[str, ...]
    tables: tuple[TableMapping, ...]
    ignored: tuple[int, ...] = ()
    filename: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    encoding: str | None = None
    skip_lines_after_header: int = 0
    number_locale: str = "en"
    date_order: str = "ymd"
    null_spellings: tuple[str, ...] = ()
    sheet: str | None = None
    records: str | None = None

    @property
    def label(self) -> str:
        """Name in the ledger: ``mapping/variant``."""
        return self.mapping if self.mapping == self.name else f"{self.mapping}/{self.name}"

    def fits(self, headers: Sequence[str], *, keyed: bool = False) -> bool:
        """Tell whether a file with these headers is of this variant.

        Parameters
        ----------
        keyed
            The headers are keys: their order says nothing, and one that no record has is not among them. Enough of
            them must be there to name an account in each table, and the post in one of posts.
        """
        if same_headers(self.headers, headers):
            return True
        names = {fold_header(cell).casefold() for cell in headers}
        own = [fold_header(cell).casefold() for cell in self.headers]
        if not keyed or len(names) < len(headers) or len(set(own)) < len(own) or not names <= set(own):
            return False
        return all(
            any(column in table.columns and own[table.columns[column]] in names for column in keys)
            for table in self.tables
            for keys in (
                (("handle", "account_id"), ("post_id", "url"))
                if table.table == "posts"
                else (("handle", "account_id"),)
            )
        )

    def with_keys(self, keys: Sequence[str]) -> Variant:
        """The variant for a file with these of its headers, in their order."""
        places = {fold_header(key).casefold(): index for index, key in enumerate(keys)}
        found = {
            index: places[name]
            for index, cell in enumerate(self.headers)
            if (name := fold_header(cell).casefold()) in places
        }

        def moved(columns: ReadOnlyDict[str, int]) -> dict[str, int]:
            return {name: found[index] for name, index in columns.items() if index in found}

        return replace(
            self,
            headers=tuple(keys),
            ignored=tuple(sorted(found[index] for index in self.ignored if index in found)),
            tables=tuple(
                replace(table, columns=moved(table.columns), extra=moved(table.extra)) for table in self.tables
            ),
        )

    def fits_sheet(self, sheet: str | None) -> bool:
        """Tell whether the variant is about this sheet of a workbook (any, when it declares none)."""
        return sheet is None or self.sheet is None or self.sheet.casefold() == sheet.casefold()

    def fits_name(self, filename: str) -> bool:
        """Tell whether the file's name is one that the variant declares (any, when it declares none)."""
        return self.filename is None or fnmatch(filename.casefold(), self.filename.casefold())

    def with_options(self, *, platform: str | None, observed_at: str | None) -> Variant:
        """The variant with the constants that the command line gives, which win over its own."""
        given = {"platform": platform, "observed_at": observed_at}
        chosen = {column: value for column, value in given.items() if value is not None}
        return replace(
            self,
            tables=tuple(
                replace(
                    table,
                    constants={**table.constants, **chosen},
                    from_path={name: pattern for name, pattern in table.from_path.items() if name not in chosen},
                )
                for table in self.tables
            ),
        )

    def digest(self) -> str:
        """SHA-256 of everything that decides what lands, titles and comments left aside."""
        parts = asdict(self) | {"headers": [fold_header(cell).casefold() for cell in self.headers]}
        for name in ("sheet", "records"):
            # Keys that came later: a mapping without them is what it was.
            if parts[name] is None:
                del parts[name]
        for table in parts["tables"]:
            if not table["from_path"]:
                del table["from_path"]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Mapping:
    """A known export: its variants differ in headers, not in what they are about."""

    name: str
    title: str
    variants: tuple[Variant, ...]


def landing_columns_variant(headers: Sequence[str], *, platform: str | None) -> Variant | None:
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
        tables=(TableMapping(table, columns, {"source": LANDING_COLUMNS}, {}, {}),),
    )


def extra_columns(headers: Sequence[str], *, mapped: Sequence[int], ignored: Sequence[int]) -> dict[str, int]:
    """Key and index of every column that is neither mapped nor ignored."""
    used = {*mapped, *ignored}
    return {key: index for index, key in enumerate(header_keys(headers)) if index not in used}
