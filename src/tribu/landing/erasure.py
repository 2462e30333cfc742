"""Writing Parquet files of landing anew without the people on the list of forgotten ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tribu.landing.contract import COMPRESSION, table_schema
from tribu.landing.forgotten import Forgotten, Left, read_forgotten, without_forgotten

_RECORDS: Final = ("accounts", "posts", "rejects", "collections")
# As Python objects some 100 MB, and row groups that are still worth a scan.
_PART_ROWS: Final = 50_000


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


def parts_without(path: Path, table: str, forgotten: Forgotten) -> Iterator[Left]:
    """Give a file of landing part by part, without forgotten people; memory does not grow with it."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=_PART_ROWS):
        yield without_forgotten(pa.Table.from_batches([batch]), table, forgotten)


def erase_from_file(source: Path, target: Path, table: str, forgotten: Forgotten) -> Counter[str]:
    """Write a file of landing anew without forgotten people, to ``target``, which may be itself; not if it names none.

    Returns
    -------
    collections.Counter
        SHA-256 of a file → records that left it.
    """
    gone: Counter[str] = Counter()
    changed = False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".draft")
    with pq.ParquetWriter(draft, pq.read_schema(source), compression=COMPRESSION) as writer:
        for left in parts_without(source, table, forgotten):
            writer.write_table(left.table)
            gone += left.gone
            changed = changed or left.changed
    if changed:
        draft.replace(target)
    else:
        draft.unlink()
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
        if path.exists():
            left = erase_from_file(path, target / table / name, table, forgotten)
            gone.update({(table, sha): count for sha, count in left.items()})
    ledger = pq.ParquetFile(source / "imports" / name).read()
    rows = without_forgotten(ledger, "imports", forgotten).table.to_pylist()
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
