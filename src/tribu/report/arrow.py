"""From an Arrow table to frozen rows, with the table's contract read from the fields of the row's class."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from tribu.errors import ModelInputError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

RowT = TypeVar("RowT", bound="DataclassInstance")

_REBUILD = "run `dbt build` with the same version of Tribu, then render again"


@dataclass(frozen=True)
class _Kind:
    """What an Arrow column must be for a field, and how its values are read."""

    label: str
    accepts: Callable[[pa.DataType], bool]
    read: Callable[[pa.ChunkedArray], list[Any]]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_whole(kind: pa.DataType) -> bool:
    # sum() of a BIGINT is a HUGEINT in DuckDB, which reaches Arrow as a decimal without decimals.
    return bool(pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind))


def _read_text(column: pa.ChunkedArray) -> list[str | None]:
    # As bytes: Arrow does not check what it is handed, and one broken handle must not stop a report.
    values = column.cast(pa.large_string()).cast(pa.large_binary()).to_pylist()
    return [None if value is None else value.decode("utf-8", errors="replace") for value in values]


def _read_whole(column: pa.ChunkedArray) -> list[int | None]:
    return [None if value is None else int(value) for value in column.to_pylist()]


def _read_number(column: pa.ChunkedArray) -> list[float | None]:
    # NaN is how some engines spell an unknown average; a page knows only known and not known.
    numbers = (None if value is None else float(value) for value in column.to_pylist())
    return [None if number is None or not math.isfinite(number) else number for number in numbers]


def _read_date(column: pa.ChunkedArray) -> list[date | None]:
    return [value.date() if isinstance(value, datetime) else value for value in column.to_pylist()]


def _read_moment(column: pa.ChunkedArray) -> list[datetime | None]:
    # Microseconds, the finest that datetime holds; nanoseconds would ask for pandas.
    kind = pa.timestamp("us", tz=column.type.tz)
    return list(column.cast(kind, safe=False).to_pylist())


_KINDS: Mapping[type, _Kind] = {
    str: _Kind("text", _is_text, _read_text),
    bool: _Kind("true or false", pa.types.is_boolean, lambda column: list(column.to_pylist())),
    int: _Kind("a whole number", _is_whole, _read_whole),
    float: _Kind("a number", _is_number, _read_number),
    date: _Kind("a date", lambda kind: pa.types.is_date(kind) or pa.types.is_timestamp(kind), _read_date),
    datetime: _Kind("a timestamp", pa.types.is_timestamp, _read_moment),
}


def _field_kind(annotation: Any) -> tuple[_Kind, bool]:
    """Return the kind of a field and whether it may be null."""
    if get_origin(annotation) in (Union, types.UnionType):
        (inner,) = [part for part in get_args(annotation) if part is not type(None)]
        return _KINDS[inner], True
    return _KINDS[annotation], False


def read_rows(tables: Mapping[str, pa.Table], name: str, row_type: type[RowT]) -> list[RowT]:
    """Read the table ``name`` into rows of ``row_type``, a dataclass whose fields are the columns.

    Raises
    ------
    ModelInputError
        When the table or a column is missing, a column is of another type, or a value is null in a field that
        is not ``| None``.
    """
    if name not in tables:
        present = ", ".join(sorted(tables)) or "no table"
        raise ModelInputError(expected=f"a table {name}", got=present, remedy=_REBUILD)
    table = tables[name]
    hints = get_type_hints(row_type)
    names = [field.name for field in fields(row_type)]
    missing = [column for column in names if column not in table.column_names]
    if missing:
        raise ModelInputError(
            expected=f"the columns {', '.join(missing)} in {name}",
            got=", ".join(table.column_names) or "no column",
            remedy=_REBUILD,
        )
    columns = [_read_column(table, name, column, *_field_kind(hints[column])) for column in names]
    return [row_type(*values) for values in zip(*columns, strict=True)]


def read_row(tables: Mapping[str, pa.Table], name: str, row_type: type[RowT]) -> RowT:
    """Read the one row of the table ``name``.

    Raises
    ------
    ModelInputError
        As `read_rows`, and when there is no row or more than one.
    """
    rows = read_rows(tables, name, row_type)
    if len(rows) != 1:
        raise ModelInputError(
            expected=f"exactly one row in {name}",
            got=f"{len(rows)} rows",
            remedy="run `dbt build` and read the tables of one build",
        )
    return rows[0]


def _read_column(table: pa.Table, name: str, column: str, kind: _Kind, nullable: bool) -> list[Any]:
    data = table.column(column)
    if pa.types.is_dictionary(data.type):
        data = data.cast(data.type.value_type)
    if pa.types.is_null(data.type):
        values: list[Any] = [None] * len(data)
    elif kind.accepts(data.type):
        values = kind.read(data)
    else:
        raise ModelInputError(expected=f"{kind.label} in {name}.{column}", got=f"the type {data.type}", remedy=_REBUILD)
    if not nullable and None in values:
        raise ModelInputError(
            expected=f"a known value in every row of {name}.{column}",
            got=f"nothing in {values.count(None)} of {len(values)} rows",
            remedy=_REBUILD,
        )
    return values
