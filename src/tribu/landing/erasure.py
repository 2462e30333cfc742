"""Writing Parquet files of landing anew without the people on the list of forgotten ones."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tribu.landing.contract import COMPRESSION, table_schema
from tribu.landing.forgotten import Forgotten, read_forgotten, without_forgotten

_RECORDS: Final = ("accounts", "posts", "rejects", "collections")


def leave_out_forgotten(root: Path, incoming: Path, batch_id: str) -> dict[tuple[str, str], int]:
    """Take forgotten people out of a batch before it is committed, and count them; see `erase_from_batch`."""
    forgotten = read_forgotten(root)
    if forgotten is None:
        return {}
    gone = erase_from_batch(incoming, incoming, batch_id, forgotten)
    if gone:
        path = incoming / "forgotten" / f"{batch_id}.parquet"
        write_tally(path, tally(incoming / "imports" / f"{batch_id}.parquet", gone, None))
    return gone


def erase_from_batch(source: Path, target: Path, batch_id: str, forgotten: Forgotten) -> dict[tuple[str, str], int]:
    """Write what changes of one batch to ``target``; its ledger then counts what is left.

    Returns
    -------
    dict
        Table and SHA-256 of a file → records that left it.
    """
    name = f"{batch_id}.parquet"
    gone: Counter[tuple[str, str]] = Counter()
    for table in _RECORDS:
        path = source / table / name
        if not path.exists():
            continue
        old = pq.ParquetFile(path).read()
        new, left = without_forgotten(old, table, forgotten)
        if new is not old:
            _write(target / table / name, new)
        gone.update({(table, sha): count for sha, count in left.items()})
    ledger = pq.ParquetFile(source / "imports" / name).read()
    new, _ = without_forgotten(ledger, "imports", forgotten)
    rows = new.to_pylist()
    for row in rows:
        row["rows_landed"] -= gone[(row["table_name"], row["_file_sha256"])]
        row["rows_rejected"] -= gone[("rejects", row["_file_sha256"])]
    if rows != ledger.to_pylist():
        _write(target / "imports" / name, pa.Table.from_pylist(rows, schema=table_schema("imports")))
    return {place: count for place, count in gone.items() if count}


def tally(imports: Path, gone: dict[tuple[str, str], int], platform: str | None) -> list[dict[str, object]]:
    """Rows of the landing table ``forgotten``: for every row of a ledger how many records it lost, if any.

    A rejected record is one of each table that its file feeds, as in the ledger.
    """
    moment = datetime.now(UTC).replace(tzinfo=None)
    return [
        {
            "_batch_id": row["_batch_id"],
            "_file_sha256": row["_file_sha256"],
            "table_name": row["table_name"],
            "rows_forgotten": count,
            "platform": platform,
            "forgotten_at": moment,
        }
        for row in pq.ParquetFile(imports).read().to_pylist()
        if (
            count := gone.get((row["table_name"], row["_file_sha256"]), 0)
            + gone.get(("rejects", row["_file_sha256"]), 0)
        )
    ]


def write_tally(path: Path, rows: list[dict[str, object]]) -> None:
    """Write a file of the landing table ``forgotten``."""
    _write(path, pa.Table.from_pylist(rows, schema=table_schema("forgotten")))


def _write(path: Path, table: pa.Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression=COMPRESSION)
