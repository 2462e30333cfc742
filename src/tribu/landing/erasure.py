"""Writing Parquet files of landing anew without some of their records; the ledger and a tally say how many went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tribu.landing.contract import COMPRESSION, table_schema
from tribu.landing.forgotten import Left, read_forgotten, without_forgotten

if TYPE_CHECKING:
    from tribu.landing.store import BatchWriter

_RECORDS: Final = ("accounts", "posts", "rejects", "collections")
# As Python objects some 100 MB, and row groups that are still worth a scan.
_PART_ROWS: Final = 50_000

Without = Callable[[pa.Table, str], Left]
"""Leaves records out of some rows of the landing table of that name."""


def leave_out_forgotten(root: Path, incoming: Path, batch_id: str) -> dict[tuple[str, str], int]:
    """Take forgotten people out of a batch before it is committed, and count them; see `erase_from_batch`."""
    forgotten = read_forgotten(root)
    if forgotten is None:
        return {}
    gone = erase_from_batch(incoming, incoming, batch_id, partial(without_forgotten, forgotten=forgotten))
    if gone:
        path = incoming / "forgotten" / f"{batch_id}.parquet"
        write_tally(path, tally(incoming / "imports" / f"{batch_id}.parquet", gone, None))
    return gone


def erase(
    writer: BatchWriter, without: Without, platform: str | None, besides: Mapping[str, int] | None = None
) -> None:
    """Take records out of all of landing, at once, and write down how many left which file.

    Parameters
    ----------
    writer
        Who holds landing.
    without
        What leaves records out.
    platform
        The platform of all of them, where there is one, for the tally.
    besides
        What else left, by the name of the place: rows of a database.
    """
    scratch = writer.scratch()
    rows: list[dict[str, object]] = []
    for imports in sorted((writer.root / "imports").glob("*.parquet")):
        gone = erase_from_batch(writer.root, scratch, imports.stem, without)
        rows += tally(imports, gone, platform)
    for path in sorted((writer.root / "runs").glob("*.parquet")):
        erase_from_file(path, scratch / "runs" / path.name, "runs", without)
    # Imports first: a reader never sees rows that the ledger no longer counts.
    steps = [
        f"move {table}/{path.name}"
        for table in ("imports", "accounts", "posts", "rejects", "collections", "runs")
        for path in sorted((scratch / table).glob("*.parquet"))
    ]
    moment = datetime.now(UTC).replace(tzinfo=None)
    rows += [_tallied(None, None, table, count, platform, moment) for table, count in (besides or {}).items()]
    if rows:
        write_tally(scratch / "forgotten" / f"{writer.batch_id}.parquet", rows)
        steps.append(f"move forgotten/{writer.batch_id}.parquet")
    writer.carry_out(steps)


def parts_without(path: Path, table: str, without: Without) -> Iterator[Left]:
    """Give a file of landing part by part, with some records left out; memory does not grow with it."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=_PART_ROWS):
        yield without(pa.Table.from_batches([batch]), table)


def erase_from_file(source: Path, target: Path, table: str, without: Without) -> Counter[str]:
    """Write a file of landing anew to ``target``, which may be itself; not where nothing is left out.

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
        for left in parts_without(source, table, without):
            writer.write_table(left.table)
            gone += left.gone
            changed = changed or left.changed
    if changed:
        draft.replace(target)
    else:
        draft.unlink()
    return gone


def erase_from_batch(source: Path, target: Path, batch_id: str, without: Without) -> dict[tuple[str, str], int]:
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
            left = erase_from_file(path, target / table / name, table, without)
            gone.update({(table, sha): count for sha, count in left.items()})
    ledger = pq.ParquetFile(source / "imports" / name).read()
    rows = without(ledger, "imports").table.to_pylist()
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
        _tallied(row["_batch_id"], row["_file_sha256"], row["table_name"], count, platform, moment)
        for row in pq.ParquetFile(imports).read().to_pylist()
        if (
            count := gone.get((row["table_name"], row["_file_sha256"]), 0)
            + gone.get(("rejects", row["_file_sha256"]), 0)
        )
    ]


def _tallied(
    batch_id: str | None, sha256: str | None, table: str, count: int, platform: str | None, moment: datetime
) -> dict[str, object]:
    return {
        "_batch_id": batch_id,
        "_file_sha256": sha256,
        "table_name": table,
        "rows_forgotten": count,
        "platform": platform,
        "forgotten_at": moment,
    }


def write_tally(path: Path, rows: list[dict[str, object]]) -> None:
    """Write a file of the landing table ``forgotten``."""
    _write(path, pa.Table.from_pylist(rows, schema=table_schema("forgotten")))


def _write(path: Path, table: pa.Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression=COMPRESSION)
