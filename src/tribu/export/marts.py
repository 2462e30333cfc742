"""The marts as files: one Parquet or CSV file per table, with a data dictionary and a word on their origin.

Memory does not grow with the tables: DuckDB writes Parquet itself, and CSV is written batch by batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from tribu.export.catalogue import Column, Table, read_catalogue
from tribu.export.csv_files import write_csv
from tribu.export.dictionary import write_dictionary
from tribu.export.origin import Origin, export_kind, write_marker
from tribu.folders import FolderKind, swapped_folder
from tribu.warehouse import open_warehouse, read_finished_build

if TYPE_CHECKING:
    import duckdb

Form = Literal["parquet", "csv"]

SCHEMA: Final = "marts"
FOLDERS: Final[Mapping[Form, FolderKind]] = {
    "parquet": export_kind("parquet", "Parquet export"),
    "csv": export_kind("csv", "CSV export"),
}

# Rows of a batch: with 50 columns of text some tens of megabytes.
_BATCH_ROWS: Final = 20_000

# Types that cannot hold foreign text, and that CSV has a spelling for.
_PLAIN: Final = frozenset(
    {"BOOLEAN", "DATE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER"}
    | {"UBIGINT", "FLOAT", "DOUBLE"}
)

_NOTES: Final[Mapping[Form, tuple[str, ...]]] = {
    "parquet": (
        "Values are as in the warehouse. Times are UTC. Texts are as the platforms have them: treat them as",
        "foreign input, and defuse them before they go to a spreadsheet.",
    ),
    "csv": (
        'UTF-8, comma, a header line, texts in quotes. Nothing between two commas is unknown; "" is an empty text.',
        "Times are UTC. Lists are JSON. A text that a spreadsheet would run as a formula (it begins with = + - @, a",
        "tab or a line break) has an apostrophe before it here; the Parquet export has every text as it is.",
        "In Excel: Data, From Text/CSV, file origin 65001 (UTF-8); a double click loses accents and long ids.",
    ),
}


@dataclass(frozen=True)
class ExportedTable:
    """A file that was written: its table, its name in the folder, its rows and its size in bytes."""

    table: str
    file: str
    rows: int
    size_bytes: int


def export_marts(warehouse: Path, folder: Path, form: Form) -> tuple[ExportedTable, ...]:
    """Write every table of schema ``marts`` into ``folder``, which is replaced as a whole.

    Parameters
    ----------
    warehouse
        The warehouse; it is opened read-only.
    folder
        Where to write: a new or empty folder, or an earlier export of the same form.
    form
        ``parquet`` keeps types and texts; ``csv`` is for spreadsheets, and its texts are defused.

    Returns
    -------
    tuple[ExportedTable, ...]
        The files of the tables, by name.

    Raises
    ------
    WarehouseError
        When the warehouse is absent, locked, or holds no finished build.
    OutputFolderError
        When ``folder`` holds something else, or cannot be written.
    """
    write = _WRITERS[form]
    with open_warehouse(warehouse) as connection:
        build = read_finished_build(connection, warehouse)
        origin = Origin(build["cluster_run_id"], build["built_at"], build["source_kind"])
        tables = read_catalogue(connection, SCHEMA)
        with swapped_folder(folder, FOLDERS[form]) as fresh:
            exported = []
            for table in tables:
                file = fresh / f"{table.name}.{form}"
                write(connection, table, file)
                exported.append(ExportedTable(table.name, file.name, _rows(connection, table), file.stat().st_size))
            write_dictionary(fresh, tables, form=form)
            _write_readme(fresh, tables, exported, origin, form)
            write_marker(
                fresh, FOLDERS[form], origin, {one.table: {"file": one.file, "rows": one.rows} for one in exported}
            )
    return tuple(exported)


def _write_parquet(connection: duckdb.DuckDBPyConnection, table: Table, file: Path) -> None:
    connection.execute(
        f"copy (select * from {_name(table)}) to {_literal(str(file))} (format parquet, compression zstd)"
    )


def _write_csv(connection: duckdb.DuckDBPyConnection, table: Table, file: Path) -> None:
    selected = ", ".join(_csv_column(column) for column in table.columns)
    batches = connection.sql(f"select {selected} from {_name(table)}").to_arrow_reader(_BATCH_ROWS)
    write_csv(file, batches.schema, batches)


def _csv_column(column: Column) -> str:
    name = _quoted(column.name)
    if column.type in _PLAIN or column.type.startswith("DECIMAL"):
        return name
    if column.type.endswith("]") or column.type.startswith(("STRUCT", "MAP")):
        return f"cast(to_json({name}) as varchar) as {name}"
    # whatever else there is becomes text, and so passes the defusing; times without microseconds that nobody measured
    return f"cast({name} as varchar) as {name}"


_WRITERS: Final[Mapping[Form, Callable[[duckdb.DuckDBPyConnection, Table, Path], None]]] = {
    "parquet": _write_parquet,
    "csv": _write_csv,
}


def _rows(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    ((rows,),) = connection.execute(f"select count(*) from {_name(table)}").fetchall()
    return int(rows)


def _write_readme(
    folder: Path, tables: tuple[Table, ...], exported: list[ExportedTable], origin: Origin, form: Form
) -> None:
    widest = max((len(one.file) for one in exported), default=0)
    lines = [
        f"Tribu: the marts as {'Parquet' if form == 'parquet' else 'CSV'}",
        "",
        *origin.sentences(),
        "",
        "The files hold names and texts of people. This folder is replaced as a whole by the next export: keep files",
        "of your own elsewhere.",
        "",
        *(
            f"{one.file:<{widest}}  {one.rows:>12,} rows  {table.description}".rstrip()
            for one, table in zip(exported, tables, strict=True)
        ),
        "",
        f"data_dictionary.{form} and data_dictionary.md describe every column. tribu-export.json is for programs.",
        "",
        *_NOTES[form],
    ]
    (folder / "README.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _name(table: Table) -> str:
    return f"{SCHEMA}.{_quoted(table.name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
