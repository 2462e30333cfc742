"""Tables of a batch that are about the import itself: the records that it rejected, and its ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ReadOnlyDict
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tribu.landing.contract import COMPRESSION, table_schema
from tribu.landing.reading import Counts, Job, Reading
from tribu.landing.store import BatchWriter

_REJECT_ROWS: Final = 10_000
_REJECT_BYTES: Final = 50_000_000
"""Rejected records, and characters of them, held in memory at a time."""


def write_rejects(reading: Reading, jobs: Sequence[Job], writer: BatchWriter, landed_at: datetime) -> int:
    """Write the rejected records of every file; return the number of rows."""
    schema = table_schema("rejects")

    def rows() -> Iterator[dict[str, Any]]:
        for job in jobs:
            if not reading.counts[job.number].rejected:
                continue
            for reject in reading.rejects(job.number):
                yield {
                    "source": job.variant.source,
                    "reason": reject.reason,
                    "raw_text": reject.raw_text,
                    "line": reject.line,
                    "byte_position": reject.byte_position,
                    "_file": job.file.name,
                    "_file_sha256": job.file.sha256,
                    "_batch_id": writer.batch_id,
                    "_landed_at": landed_at,
                }

    written = 0
    chunk: list[dict[str, Any]] = []
    size = 0
    with pq.ParquetWriter(writer.path("rejects"), schema, compression=COMPRESSION) as parquet:
        for row in rows():
            chunk.append(row)
            size += len(row["raw_text"])
            if len(chunk) >= _REJECT_ROWS or size >= _REJECT_BYTES:
                parquet.write_table(pa.Table.from_pylist(chunk, schema=schema))
                written, chunk, size = written + len(chunk), [], 0
        if chunk:
            parquet.write_table(pa.Table.from_pylist(chunk, schema=schema))
    return written + len(chunk)


def write_ledger(
    jobs: Sequence[Job], counts: ReadOnlyDict[int, Counts], writer: BatchWriter, landed_at: datetime
) -> None:
    """Write what became of every file in each of its tables, and what its mapping declares."""
    rows = []
    for job in jobs:
        count = counts[job.number]
        for table in job.variant.tables:
            rows.append(
                {
                    "table_name": table.table,
                    "source": table.constants.get("source", job.variant.source),
                    "mapping": job.variant.label,
                    "mapping_sha256": job.variant.digest(),
                    "date_order": job.variant.date_order,
                    "null_spellings": list(job.variant.null_spellings),
                    "units": list(table.units.items()),
                    "rows_read": count.read,
                    "rows_landed": count.kept,
                    "rows_duplicate": count.duplicate,
                    "rows_rejected": count.rejected,
                    "_file": job.file.name,
                    "_file_sha256": job.file.sha256,
                    "_batch_id": writer.batch_id,
                    "_landed_at": landed_at,
                }
            )
    schema = table_schema("imports")
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), writer.path("imports"), compression=COMPRESSION)
