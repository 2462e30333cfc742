"""What there is to export: the marts with their columns, as the warehouse itself describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Column:
    """A column; ``description`` is its comment, empty where the name says it all."""

    name: str
    type: str
    is_nullable: bool
    description: str


@dataclass(frozen=True)
class Table:
    """A table with its columns in order; ``description`` is its comment."""

    name: str
    description: str
    columns: tuple[Column, ...]


def read_catalogue(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[Table, ...]:
    """List the tables and views of a schema by name, with the comments that dbt keeps on them (``persist_docs``)."""
    tables = connection.execute(
        """
        select table_name, coalesce(comment, '') from duckdb_tables() where schema_name = $schema
        union all
        select view_name, coalesce(comment, '') from duckdb_views() where schema_name = $schema
        order by 1
        """,
        {"schema": schema},
    ).fetchall()
    columns = connection.execute(
        """
        select table_name, column_name, data_type, is_nullable, coalesce(comment, '')
        from duckdb_columns()
        where schema_name = $schema
        order by table_name asc, column_index asc
        """,
        {"schema": schema},
    ).fetchall()
    return tuple(
        Table(
            name,
            description,
            tuple(Column(*rest) for table_name, *rest in columns if table_name == name),
        )
        for name, description in tables
    )
