"""Parquet as text: each type in the one form that loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tribu.errors import InputFileError
from tribu.landing.files import InputFile, check_width
from tribu.landing.limits import MAX_RATIO, RATIO_FROM

_BATCH: Final = 10_000
"""Rows held in memory at a time."""


def parquet_columns(file: InputFile) -> list[str]:
    """Names of the columns, dotted where they are nested.

    Raises
    ------
    InputFileError
        When the file is damaged, has too many columns, or unpacks to more than an honest one.
    """
    with _Opened(file) as parquet:
        names = [name for name, _ in _leaves(parquet.schema_arrow)]
        check_width(len(names), file.label)
        rows = parquet.metadata
        size = sum(rows.row_group(group).total_byte_size for group in range(rows.num_row_groups))
        if size > RATIO_FROM and size > file.size * MAX_RATIO:
            raise InputFileError(
                expected=f"at most {MAX_RATIO} times its bytes in {file.label}",
                got=f"{size:,} of {file.size:,} (a bomb?)",
                remedy="export it as CSV if you trust it, and import that",
            )
    return names


def parquet_rows(file: InputFile) -> Iterator[list[str]]:
    """Rows as texts, in the order of :func:`parquet_columns`.

    Raises
    ------
    InputFileError
        When the file is damaged.
    """
    with _Opened(file) as parquet:
        for batch in parquet.iter_batches(batch_size=_BATCH):
            table = pa.Table.from_batches([batch])
            columns = [_texts(_column(table, path)) for _, path in _leaves(table.schema)]
            yield from map(list, zip(*columns, strict=True))


class _Opened:
    """A Parquet file whose damage, whenever it shows, is told as such."""

    def __init__(self, file: InputFile) -> None:
        self._file = file

    def __enter__(self) -> Any:
        try:
            self._parquet = pq.ParquetFile(self._file.path)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from error
        return self._parquet

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._parquet.close()
        if isinstance(error, (pa.ArrowException, OSError, ValueError)):
            raise self._damaged(error) from error

    def _damaged(self, error: BaseException) -> InputFileError:
        return InputFileError(
            expected=f"a whole Parquet file in {self._file.label}",
            got=str(error)[:300],
            remedy="download or export it again",
        )


def _leaves(schema: Any) -> list[tuple[str, tuple[int, ...]]]:
    """Dotted name of every column that is no struct, and its place: column, field, field of that."""
    found: list[tuple[str, tuple[int, ...]]] = []

    def walk(kind: Any, name: str, path: tuple[int, ...]) -> None:
        if not pa.types.is_struct(kind) or kind.num_fields == 0:
            found.append((name, path))
            return
        for index in range(kind.num_fields):
            field = kind.field(index)
            walk(field.type, f"{name}.{field.name}", (*path, index))

    for index, field in enumerate(schema):
        walk(field.type, field.name, (index,))
    return found


def _column(table: Any, path: tuple[int, ...]) -> Any:
    column = table.column(path[0])
    return pc.struct_field(column, path[1:]) if len(path) > 1 else column


def _texts(column: Any) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp(kind.unit, "UTC"))
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind) or pa.types.is_date(kind):
        # All fractions of a second that the type has.
        return [(text or "").replace(" ", "T") for text in column.cast(pa.string()).to_pylist()]
    if pa.types.is_duration(kind):
        return ["" if value is None else f"{value} {kind.unit}" for value in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_floating(kind):
        # As text first: 0.1 of 32 bits is 0.1, and 0.10000000149011612 only once it has 64.
        return [_number(text) for text in column.cast(pa.string()).to_pylist()]
    return [_text(value) for value in column.to_pylist()]


def _number(text: str | None) -> str:
    if text is None or not text[-1].isdigit():
        return text or ""
    number = format(Decimal(text), "f")
    return number[:-2] if number.endswith(".0") else number


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return _bytes(value)
    return json.dumps(value, ensure_ascii=False, default=_text)


def _bytes(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
