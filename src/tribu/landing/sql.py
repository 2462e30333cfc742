"""SQL of an import: reading files of one dialect, and the shape of landing rows. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from tribu.landing.contract import TABLE_COLUMNS, table_schema
from tribu.landing.mapping import TableMapping, Variant

_TYPES: Final = {"string": "varchar", "int64": "bigint", "timestamp[us]": "timestamp"}


def literal(text: str) -> str:
    """The SQL literal of a text."""
    return "'" + text.replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """The SQL literal of one file's path, in which DuckDB finds no patterns."""
    return literal(re.sub(r"([*?[])", r"[\1]", str(path)))


def cell_names(variant: Variant) -> list[str]:
    """Columns of a table of records: ``c0``, ``c1``, …, one per header."""
    return [f"c{index}" for index in range(len(variant.headers))]


def read_statement(table: str, paths: Sequence[Path], variant: Variant, *, newline: str, skip: int) -> str:
    """Statement that makes ``table`` of the records of files, all cells as text, with the number that names each file.

    Parameters
    ----------
    newline
        The one kind of line end that the files have.
    skip
        Records before the data.
    """
    names = cell_names(variant)
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in names)
    quote, delimiter = literal(variant.quote), literal(variant.delimiter or ",")
    # DuckDB mistakes an explicit \r\n; left to itself it takes the first line end, which is the only kind.
    ends = "" if newline == "\r\n" else f"new_line = {literal(repr(newline)[1:-1])},"
    return f"""
        create table {table} as
        select {", ".join(names)}, parse_filename(filename, true)::integer as file_number
        from read_csv(
            [{", ".join(path_literal(path) for path in paths)}],
            auto_detect = false, header = false, columns = {{{columns}}},
            delim = {delimiter}, quote = {quote}, escape = {quote}, {ends} skip = {skip},
            strict_mode = true, null_padding = false, store_rejects = true, rejects_limit = 0,
            -- In parallel, a quoted line break at the edge of a buffer can make one record two.
            parallel = false,
            compression = 'none', hive_partitioning = false, filename = true
        )
        -- DuckDB skips blank lines, except in a file of one column.
        {"where c0 is not null" if len(names) == 1 else ""}
    """


def landing_select(table: str, variant: Variant, mapping: TableMapping, provenance: str) -> str:
    """Query for the rows of one landing table from the records in ``table``.

    It needs the tables ``files`` (file_number, name, sha256, path_values, row_offset) and ``<table>_kept`` (record).

    Parameters
    ----------
    provenance
        The last two columns, as SQL.
    """
    row = "(records.rowid - first.record + 1 + files.row_offset)::bigint"
    values = []
    for column in TABLE_COLUMNS[mapping.table]:
        given = [
            *([_cell(mapping, column, row)] if column in mapping.columns or mapping.gives_row_key(column) else []),
            *([f"json_extract_string(files.path_values, '$.{column}')"] if column in mapping.from_path else []),
            *([literal(mapping.constants[column])] if column in mapping.constants else []),
        ]
        value = f"coalesce({', '.join(given)})" if len(given) > 1 else given[0] if given else "null"
        values.append(f"{value}::varchar as {column}")
    pairs = ", ".join(f"{literal(key)}, records.c{index}" for key, index in mapping.extra.items())
    values += [
        f"{f'json_object({pairs})' if pairs else 'null'}::varchar as extra",
        f"{literal(variant.number_locale)} as number_locale",
        "files.name as _file",
        "files.sha256 as _file_sha256",
        f"{row} as _row",
        provenance,
    ]
    return f"""(
        select {", ".join(values)}
        from {table} as records
        inner join files using (file_number)
        inner join (select file_number, min(rowid) as record from {table} group by file_number) as first
            using (file_number)
        where records.rowid in (select record from {table}_kept)
        order by records.rowid
    )"""


def _cell(mapping: TableMapping, column: str, row: str) -> str:
    """What a record itself says of a landing column."""
    if column not in mapping.columns:
        # The file's hash keeps the third record of one list apart from the third of another.
        return f"{literal(mapping.row_key or '')} || '-' || left(files.sha256, 12) || '-' || {row}"
    cell = f"records.c{mapping.columns[column]}"
    if column in mapping.patterns:
        return f"nullif(regexp_extract({cell}, {literal(mapping.patterns[column])}, 1), '')"
    return cell


def union_of(selects: Iterable[str], table: str) -> str:
    """The queries one after the other; without any, one that gives no row of the landing table."""
    empty = ", ".join(f"null::{_TYPES[str(column.type)]} as {column.name}" for column in table_schema(table))
    return " union all ".join(selects) or f"(select {empty} limit 0)"
