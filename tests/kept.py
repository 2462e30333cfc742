"""What Tribu keeps, byte by byte, and whether landing adds up."""

from __future__ import annotations

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


def adds_up(landing: Path) -> None:
    """Hold every row of the ledger to what is landed, and what was read to what became of it."""
    forgotten: dict[tuple[str, str, str], int] = {}
    for path in (landing / "forgotten").glob("*.parquet"):
        for row in pq.read_table(path).to_pylist():
            if row["_batch_id"]:
                place = (row["_batch_id"], row["_file_sha256"], row["table_name"])
                forgotten[place] = forgotten.get(place, 0) + row["rows_forgotten"]
    for entry in read_ledger(landing):
        left = forgotten.get((entry.batch_id, entry.sha256, entry.table), 0)
        assert entry.rows_read == entry.rows_landed + entry.rows_duplicate + entry.rows_rejected + left
        rows = pq.read_table(landing / entry.table / f"{entry.batch_id}.parquet").to_pylist()
        assert entry.rows_landed == sum(row["_file_sha256"] == entry.sha256 for row in rows)
