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
    from_path: ReadOnlyDict[str, str] = field(default_factory=dict)
    patterns: ReadOnlyDict[str, str] = field(default_factory=dict)
    row_key: str | None = None

    def gives(self, column: str) -> bool:
        """Tell whether ``column`` is filled at all."""
        return (
            column in self.columns or column in self.constants or column in self.from_path or self.gives_row_key(column)
        )

    def gives_row_key(self, column: str) -> bool:
        """Tell whether ``column`` is made of the record's place in its file."""
        return column == "account_id" and self.row_key is not None


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
            any(_is_given(table, column, own, names) for column in keys)
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
            withheld={found[index]: subject for index, subject in self.withheld.items() if index in found},
            tables=tuple(
                replace(
                    table,
                    columns=moved(table.columns),
                    extra=moved(table.extra),
                    patterns={
                        name: pattern for name, pattern in table.patterns.items() if table.columns[name] in found
                    },
                )
                for table in self.tables
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
        # What does not land shows by its absence from `extra`.
        for name in ("withheld", "unsettled", "extra_table"):
            del parts[name]
        # Keys that came later: a mapping without them is what it was.
        for name in ("sheet", "records"):
            if parts[name] is None:
                del parts[name]
        for table in parts["tables"]:
            for name in ("from_path", "patterns", "row_key"):
                if not table[name]:
                    del table[name]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Mapping:
    """A known export: its variants differ in headers, not in what they are about."""

    name: str
    title: str
    variants: tuple[Variant, ...]


def _is_given(table: TableMapping, column: str, own: Sequence[str], names: set[str]) -> bool:
    """Tell whether a file with the keys ``names`` fills ``column``; ``own`` are those that the mapping lists."""
    if column in table.columns:
        return own[table.columns[column]] in names
    # Of a row key every file has one, so that any column of the table will do.
    return table.gives_row_key(column) and any(own[at] in names for at in table.columns.values())


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
    """Key and index of every column that is neither mapped nor ignored, in the order of the file."""
    used = {*mapped, *ignored}
    return {key: index for index, key in enumerate(header_keys(headers)) if index not in used}
