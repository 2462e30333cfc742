"""CSV for spreadsheets, written batch by batch with every text defused."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tribu.untrusted import defused_column

if TYPE_CHECKING:
    import pyarrow as pa


def write_csv(file: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches under one header line: UTF-8, comma, texts in quotes, nothing for null."""
    import pyarrow as pa
    from pyarrow import csv

    with csv.CSVWriter(str(file), schema) as writer:
        for batch in batches:
            columns = [defused_column(column) for column in batch.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
