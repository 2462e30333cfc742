"""The data dictionary of an export, written from the comments of the warehouse: nothing in it is written twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from tribu.export.catalogue import Table
from tribu.export.csv_files import write_csv

if TYPE_CHECKING:
    import pyarrow as pa

NAME: Final = "data_dictionary"


def dictionary_rows(tables: Sequence[Table]) -> pa.Table:
    """Tabulate every column of every table, one row each, in the order of the tables."""
    import pyarrow as pa

    schema = pa.schema(
        [
            pa.field("table_name", pa.string(), nullable=False),
            pa.field("table_description", pa.string(), nullable=False),
            pa.field("column_position", pa.int64(), nullable=False),
            pa.field("column_name", pa.string(), nullable=False),
            pa.field("data_type", pa.string(), nullable=False),
            pa.field("is_nullable", pa.bool_(), nullable=False),
            pa.field("description", pa.string(), nullable=False),
        ]
    )
    rows = [
        {
            "table_name": table.name,
            "table_description": table.description,
            "column_position": position,
            "column_name": column.name,
            "data_type": column.type,
            "is_nullable": column.is_nullable,
            "description": column.description,
        }
        for table in tables
        for position, column in enumerate(table.columns, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def write_dictionary(folder: Path, tables: Sequence[Table], *, form: Literal["parquet", "csv"]) -> None:
    """Write the dictionary twice: in the form of the export for programs, and as Markdown for people."""
    rows = dictionary_rows(tables)
    file = folder / f"{NAME}.{form}"
    if form == "parquet":
        from pyarrow import parquet

        parquet.write_table(rows, file, compression="zstd")
    else:
        write_csv(file, rows.schema, rows.to_batches())
    (folder / f"{NAME}.md").write_text(dictionary_markdown(tables), encoding="utf-8", newline="\n")


def dictionary_markdown(tables: Sequence[Table]) -> str:
    """Write the dictionary for people: a section per table, a line per column."""
    lines = ["# Data dictionary", ""]
    for table in tables:
        lines += [
            f"## {table.name}",
            "",
            *([table.description, ""] if table.description else []),
            "| column | type | may be unknown | description |",
            "|---|---|---|---|",
            *(
                f"| `{column.name}` | {column.type.lower()} | {'yes' if column.is_nullable else 'no'} |"
                f" {_cell(column.description)} |"
                for column in table.columns
            ),
            "",
        ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
