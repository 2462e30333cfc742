"""The landing folder: checked when opened, written one whole batch at a time.

A batch is prepared in a hidden folder inside landing (the same file system, so that a rename is enough), which is
renamed once it is complete. From that rename on the batch is certain: whoever opens the folder next finishes moving
its files into place. Before it, whoever opens the folder next throws the remains away.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as ReadOnlyDict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tribu.errors import LandingError
from tribu.landing.contract import COMPRESSION, FORMAT, MARKER, table_schema
from tribu.landing.erasure import leave_out_forgotten
from tribu.landing.sql import literal, path_literal
from tribu.lock import exclusive

TABLES: Final = ("accounts", "posts", "rejects", "imports")
"""Subfolders of landing, in the order in which a batch is moved into place: the last one is the commit."""

OPTIONAL_TABLES: Final = ("collections", "forgotten")
"""Subfolders that only some batches have a file in; moved into place before the others."""

_INCOMING: Final = ".incoming-"
_COMPLETE: Final = ".complete-"
_PLAN: Final = "plan.json"


@dataclass(frozen=True)
class LedgerEntry:
    """One row of ``imports``: what became of one file in one table."""

    table: str
    source: str
    mapping: str
    mapping_sha256: str
    rows_read: int
    rows_landed: int
    rows_duplicate: int
    rows_rejected: int
    file: str
    sha256: str
    batch_id: str
    landed_at: datetime


def new_batch_id(now: datetime | None = None) -> str:
    """Name of a batch: its UTC time, so that names sort by age, and six hex digits against a tie."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z-{secrets.token_hex(3)}"


def check_landing(root: Path) -> bool:
    """Tell whether ``root`` is a landing folder, changing nothing.

    Returns
    -------
    bool
        True when it is one, False when it does not exist yet or is empty.

    Raises
    ------
    LandingError
        When it is something else, of another format, or holds files that are not of the contract.
    """
    if not root.exists():
        return False
    if not root.is_dir():
        raise _elsewhere(root, f"a file at {root}")
    marker = root / MARKER
    if not marker.is_file():
        # Hidden names are nobody's data: .gitkeep, .DS_Store, the remains of a first import that was cut off.
        found = sorted(path.name for path in root.iterdir() if not path.name.startswith("."))
        if not found:
            return False
        some = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
        raise _elsewhere(root, f"a landing folder from elsewhere: {root} holds {some}, and no {MARKER}")
    try:
        declared = json.loads(marker.read_text(encoding="utf-8"))
        found_format = declared["format"]
    except (OSError, ValueError, KeyError, TypeError):
        raise _elsewhere(root, f"a {MARKER} that cannot be read in {root}") from None
    if found_format != FORMAT:
        raise _elsewhere(root, f"a landing folder from elsewhere: {marker} says format {found_format!r}")
    _check_files(root)
    return True


def read_ledger(root: Path) -> list[LedgerEntry]:
    """Every row of ``imports``, oldest batch first; empty when nothing was ever landed."""
    entries: list[LedgerEntry] = []
    for path in sorted((root / "imports").glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            entries.append(
                LedgerEntry(
                    table=row["table_name"],
                    source=row["source"],
                    mapping=row["mapping"],
                    mapping_sha256=row["mapping_sha256"],
                    rows_read=row["rows_read"],
                    rows_landed=row["rows_landed"],
                    rows_duplicate=row["rows_duplicate"],
                    rows_rejected=row["rows_rejected"],
                    file=row["_file"],
                    sha256=row["_file_sha256"],
                    batch_id=row["_batch_id"],
                    landed_at=row["_landed_at"],
                )
            )
    return entries


class BatchWriter:
    """One new batch in a landing folder that nobody else writes meanwhile.

    Write a Parquet file to :meth:`path` of each of the four tables, then :meth:`commit`. Without the commit nothing
    of it remains.
    """

    def __init__(self, root: Path, batch_id: str) -> None:
        self.root = root
        self.batch_id = batch_id
        self._incoming = root / f"{_INCOMING}{batch_id}"

    def path(self, table: str) -> Path:
        """Where the batch's file of ``table`` is to be written."""
        folder = self._incoming / table
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{self.batch_id}.parquet"

    def scratch(self) -> Path:
        """A folder for what is needed until the commit, on the disk that has room for the batch itself."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        return self._incoming

    def commit(
        self, *, replaced: Collection[str] = (), retried: ReadOnlyDict[str, Collection[int]] = MappingProxyType({})
    ) -> dict[tuple[str, str], int]:
        """Make the batch part of landing, all of it or nothing; records of forgotten people stay out.

        Parameters
        ----------
        replaced
            SHA-256 of files whose earlier rows leave landing with the same commit.
        retried
            Batch → places, from 0, of the rejects that leave it with the same commit, for this one has their records.

        Returns
        -------
        dict
            Table and SHA-256 of a file → records of forgotten people that did not land; ``rejects`` is a table too.

        Raises
        ------
        LandingError
            When a file of the batch does not have the columns of the contract.
        """
        forgotten = leave_out_forgotten(self.root, self._incoming, self.batch_id)
        tables = [*(table for table in OPTIONAL_TABLES if (self._incoming / table).exists()), *TABLES]
        for table in tables:
            _check_schema(self.path(table), table)
        steps = [f"move {table}/{self.batch_id}.parquet" for table in tables]
        if replaced:
            steps += self._without(frozenset(replaced))
        for batch_id, places in sorted(retried.items()):
            steps += self._without_rejects(batch_id, frozenset(places))
        self.carry_out(steps)
        return forgotten

    def carry_out(self, steps: Sequence[str]) -> None:
        """Make landing what the steps (``move table/file``, ``remove table/file``) say, all of them or none."""
        plan = self._incoming / _PLAN
        plan.write_text(json.dumps({"steps": steps}), encoding="utf-8")
        for path in self._incoming.rglob("*"):
            _sync(path)
        _sync(self._incoming)
        _write_marker(self.root)
        complete = self.root / f"{_COMPLETE}{self.batch_id}"
        self._incoming.rename(complete)
        _sync(self.root)
        _finish(self.root, complete)

    def _without(self, replaced: frozenset[str]) -> list[str]:
        """Write the earlier batches anew without the rows of ``replaced``; return the steps that swap them in."""
        import duckdb

        steps: list[str] = []
        for imports in sorted((self.root / "imports").glob("*.parquet")):
            ledger = pq.read_table(imports)
            keep = [sha not in replaced for sha in ledger.column("_file_sha256").to_pylist()]
            if all(keep):
                continue
            # Imports first: a row whose file left the ledger is no row, so a reader never sees half a removal.
            order = ("imports", "accounts", "posts", "rejects")
            if not any(keep):
                steps += [f"remove {table}/{imports.name}" for table in order]
                continue
            for table in order:
                old, new = self.root / table / imports.name, self._incoming / table / imports.name
                if table == "imports":
                    pq.write_table(ledger.filter(pa.array(keep)), new, compression=COMPRESSION)
                else:
                    with duckdb.connect() as connection:
                        connection.execute(
                            f"copy (select * from read_parquet({path_literal(old)}, hive_partitioning = false) "
                            f"where _file_sha256 not in "
                            f"(select unnest(?::varchar[]))) to {literal(str(new))} "
                            f"(format parquet, compression {COMPRESSION})",
                            [sorted(replaced)],
                        )
                _check_schema(new, table)
                steps.append(f"move {table}/{imports.name}")
        return steps

    def _without_rejects(self, batch_id: str, places: frozenset[int]) -> list[str]:
        """Write an earlier batch anew without some of its rejects; return the steps that swap it in."""
        name = f"{batch_id}.parquet"
        left: dict[str, int] = {}
        place = 0
        with (
            pq.ParquetFile(self.root / "rejects" / name) as old,
            pq.ParquetWriter(self._incoming / "rejects" / name, old.schema_arrow, compression=COMPRESSION) as new,
        ):
            for batch in old.iter_batches(1000):
                keep = [place + index not in places for index in range(batch.num_rows)]
                for sha, stays in zip(batch.column("_file_sha256").to_pylist(), keep, strict=True):
                    left[sha] = left.get(sha, 0) + (not stays)
                place += batch.num_rows
                new.write_batch(batch.filter(pa.array(keep)))
        rows = pq.read_table(self.root / "imports" / name).to_pylist()
        for row in rows:
            for column in ("rows_read", "rows_rejected"):
                row[column] -= left.get(row["_file_sha256"], 0)
        ledger = pa.Table.from_pylist(rows, schema=table_schema("imports"))
        pq.write_table(ledger, self._incoming / "imports" / name, compression=COMPRESSION)
        for table in ("imports", "rejects"):
            _check_schema(self._incoming / table / name, table)
        return [f"move imports/{name}", f"move rejects/{name}"]


def start_landing(root: Path) -> None:
    """Make ``root`` a landing folder, if it is none yet, without anything landed in it.

    Raises
    ------
    LandingError
        When it is something else, or cannot be written.
    """
    if check_landing(root):
        return
    try:
        root.mkdir(parents=True, exist_ok=True)
        _write_marker(root)
    except OSError as error:
        raise _unwritable(root, error) from error


@contextmanager
def open_batch(root: Path, batch_id: str | None = None) -> Iterator[BatchWriter]:
    """Hold the landing folder ``root`` alone, with room for one new batch.

    The folder is created if need be; unless a batch is committed, it is left as it was found (the remains of an
    interrupted import apart: those are finished or removed).

    Raises
    ------
    LandingError
        When the folder is not a landing folder, is damaged, cannot be written, or another import holds it.
    """
    # Before the lock, which would put a file into a folder that is not ours.
    check_landing(root)
    created = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        root.mkdir(parents=True, exist_ok=True)
        with exclusive(root):
            recover(root)
            check_landing(root)
            writer = BatchWriter(root, batch_id or new_batch_id())
            try:
                yield writer
            finally:
                shutil.rmtree(writer._incoming, ignore_errors=True)
    except PermissionError as error:
        raise _unwritable(root, error) from error
    finally:
        for folder in created:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def write_batch(
    root: Path, *, accounts: pa.Table, posts: pa.Table, rejects: pa.Table, imports: pa.Table, batch_id: str
) -> None:
    """Write four Arrow tables as one batch, creating the landing folder if need be.

    Parameters
    ----------
    root
        The landing folder.
    accounts, posts, rejects, imports
        Tables with exactly the columns of :func:`tribu.landing.contract.table_schema`.
    batch_id
        Name of the batch and of its files; a batch of that name is overwritten.

    Raises
    ------
    LandingError
        When a table does not have the columns of the contract, or the folder cannot take it.
    """
    tables = {"accounts": accounts, "posts": posts, "rejects": rejects, "imports": imports}
    with open_batch(root, batch_id) as writer:
        for name, table in tables.items():
            pq.write_table(table, writer.path(name), compression=COMPRESSION)
        writer.commit()


def recover(root: Path) -> None:
    """Finish the batch that was complete when its import was cut off; remove those that were not.

    Only for the holder of the lock.
    """
    for complete in sorted(root.glob(f"{_COMPLETE}*")):
        _finish(root, complete)
    for remains in root.glob(f"{_INCOMING}*"):
        shutil.rmtree(remains)


def _finish(root: Path, complete: Path) -> None:
    steps = json.loads((complete / _PLAN).read_text(encoding="utf-8"))["steps"]
    for step in steps:
        verb, _, name = step.partition(" ")
        target = root / name
        target.parent.mkdir(exist_ok=True)
        if verb == "remove":
            target.unlink(missing_ok=True)
        elif (complete / name).exists():  # otherwise moved before the interruption
            (complete / name).replace(target)
        # Before the next step, so that the order of the plan also holds on the disk.
        _sync(target.parent)
    shutil.rmtree(complete)


def _write_marker(root: Path) -> None:
    marker = root / MARKER
    if not marker.exists():
        draft = root / f".{MARKER}"
        draft.write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")
        _sync(draft)
        draft.replace(marker)


def _check_files(root: Path) -> None:
    """Raise unless every Parquet file is of the contract and every batch is whole."""
    for table in TABLES:
        for path in (root / table).glob("*.parquet"):
            _check_schema(path, table)
    for path in (root / "imports").glob("*.parquet"):
        missing = [table for table in TABLES if not (root / table / path.name).is_file()]
        # A batch being finished (by this process after a crash, or by another one now) is not damaged.
        if missing and not any(root.glob(f"{_COMPLETE}*")):
            raise LandingError(
                expected=f"the batch {path.stem} in every subfolder of {root}",
                got=f"none in {', '.join(missing)}",
                remedy="restore the folder from a copy, or remove it and import the files again",
            )


def check_every_row(root: Path) -> None:
    """Read every file of a landing folder whole: opening it looks at how they end only, which takes no time.

    Raises
    ------
    LandingError
        When one is damaged, or as `check_landing`.
    """
    check_landing(root)
    for table in (*TABLES, *OPTIONAL_TABLES, "runs"):
        for path in sorted((root / table).glob("*.parquet")):
            try:
                with pq.ParquetFile(path) as file:
                    for _ in file.iter_batches():
                        pass
            except (OSError, pa.ArrowException):
                raise _damaged(path) from None


def _damaged(path: Path) -> LandingError:
    return LandingError(
        expected="Parquet files in the landing folder",
        got=f"{path}, which is none or is damaged",
        remedy="restore it from a copy, or remove the landing folder and import the files again",
    )


def _check_schema(path: Path, table: str) -> None:
    try:
        found = pq.read_schema(path)
    except FileNotFoundError:
        return  # moved by another process between the listing and now
    except (OSError, pa.ArrowInvalid):
        raise _damaged(path) from None
    wanted = table_schema(table)
    # Names and types, not nullability: DuckDB marks a constant column as required.
    if found.names == wanted.names and found.types == wanted.types:
        return
    differences = [
        f"no {field.name} of type {field.type}"
        for field in wanted
        if field.name not in found.names or found.field(field.name).type != field.type
    ] + [f"a column {name}" for name in found.names if name not in wanted.names]
    raise LandingError(
        expected=f"the columns of the landing table {table}, in their order",
        got=f"{path} with {', '.join(differences) or 'another order'}",
        remedy="it was written by another version or program: import its files again into an empty folder",
    )


def _elsewhere(root: Path, got: str) -> LandingError:
    return LandingError(
        expected=f"a landing folder of format {FORMAT}, or an empty or missing folder, at {root}",
        got=got,
        remedy="set TRIBU_LANDING to a folder of its own, or move that one away",
    )


def _unwritable(root: Path, error: OSError) -> LandingError:
    return LandingError(
        expected=f"a landing folder that can be written at {root}",
        got=error.strerror or "permission denied",
        remedy="change its permissions, or set TRIBU_LANDING to another folder",
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
