"""What Tribu keeps, byte by byte, and whether landing adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from tribu.landing.store import read_ledger


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that Tribu wrote, as it stands and unpacked: Parquet by its values and its statistics."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or (path.parent == folder and path.suffix == ".csv"):
            continue
        yield str(path), path.name.encode() + path.read_bytes()
        if path.suffix == ".parquet":
            yield str(path), str(pq.read_table(path).to_pylist()).encode()
            plain = path.with_suffix(".plain")
            pq.write_table(pq.read_table(path), plain, compression="none", use_dictionary=True)
            yield str(path), plain.read_bytes() + str(pq.read_metadata(path).to_dict()).encode()
            plain.unlink()


def found(folder: Path, names: Sequence[str]) -> set[str]:
    """Files that name somebody, from the folder, in any case of letters."""
    return {
        str(Path(path).relative_to(folder))
        for path, content in contents(folder)
        if any(name.encode() in content.lower() for name in names)
    }


def misfits(landing: Path) -> list[str]:
    """Where a ledger does not say what its batch holds, or what was read is not what became of it; in words."""
    forgotten: Counter[tuple[str, str, str]] = Counter()
    for path in (landing / "forgotten").glob("*.parquet"):
        for row in pq.read_table(path).to_pylist():
            forgotten[row["_batch_id"], row["_file_sha256"], row["table_name"]] += row["rows_forgotten"]
    wrong = []
    for entry in read_ledger(landing):
        left = forgotten[entry.batch_id, entry.sha256, entry.table]
        if entry.rows_read != entry.rows_landed + entry.rows_duplicate + entry.rows_rejected + left:
            wrong.append(f"{entry.file}: {entry.table} does not add up")
        rows = pq.read_table(landing / entry.table / f"{entry.batch_id}.parquet").column("_file_sha256").to_pylist()
        if rows.count(entry.sha256) != entry.rows_landed:
            wrong.append(f"{entry.file}: {rows.count(entry.sha256)} rows of {entry.table}, {entry.rows_landed} stated")
    return wrong
