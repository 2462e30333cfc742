"""Runs: what was asked for, how far it came, and what is missing. One small file each in the landing folder."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tribu.errors import CollectError
from tribu.landing.contract import COLLECTION_SCHEMA, COMPRESSION, RUN_SCHEMA
from tribu.landing.store import new_batch_id, read_ledger

FOLDER: Final = "runs"
RUNNING: Final = "running"
COMPLETE: Final = "complete"
INCOMPLETE: Final = "incomplete"


@dataclass(frozen=True)
class Run:
    """One run, as :data:`tribu.landing.contract.RUN_SCHEMA` has it."""

    run_id: str
    platform: str
    status: str
    reason: str | None
    url: str
    posts_limit: int
    accounts_asked: int
    accounts_settled: int
    accounts_failed: int
    requests: int
    retries: int
    remaining: tuple[str, ...]
    started_at: datetime
    updated_at: datetime

    @property
    def missing(self) -> int:
        """Accounts that are still to be collected."""
        return self.accounts_asked - self.accounts_settled


def new_run(platform: str, url: str, asked: Sequence[str], posts_limit: int) -> Run:
    """A run that nothing has been fetched for."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return Run(
        new_batch_id(), platform, RUNNING, None, url, posts_limit, len(asked), 0, 0, 0, 0, tuple(asked), now, now
    )


def write_run(landing: Path, run: Run) -> Run:
    """Write how far a run is, in place of what was known of it; the run with the time of writing."""
    run = replace(run, updated_at=datetime.now(UTC).replace(tzinfo=None))
    path = landing / FOLDER / f"{run.run_id}.parquet"
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f".{run.run_id}-{secrets.token_hex(3)}")
    row = asdict(run) | {"remaining": list(run.remaining)}
    pq.write_table(pa.Table.from_pylist([row], schema=RUN_SCHEMA), draft, compression=COMPRESSION)
    draft.replace(path)
    return run


def read_runs(landing: Path) -> list[Run]:
    """Every run, the oldest first; what a killed one had landed is counted in."""
    runs = []
    for path in sorted((landing / FOLDER).glob("*.parquet")):
        (row,) = pq.ParquetFile(path).read().to_pylist()
        runs.append(Run(**row | {"remaining": tuple(row["remaining"])}))
    if not any(run.remaining for run in runs):
        return runs
    settled = {(one["run_id"], one["asked"]) for one in read_collections(landing)}
    return [_without(run, {asked for run_id, asked in settled if run_id == run.run_id}) for run in runs]


def _without(run: Run, settled: set[str]) -> Run:
    remaining = tuple(one for one in run.remaining if one not in settled)
    return replace(run, remaining=remaining, accounts_settled=run.accounts_asked - len(remaining))


def read_collections(landing: Path, platform: str | None = None) -> list[dict[str, str]]:
    """Run, name asked for, id, handle and slice of every account that was settled, the oldest batch first."""
    files = {entry.batch_id for entry in read_ledger(landing)}
    columns = ["run_id", "platform", "asked", "account_id", "handle", "_file"]
    schema = pa.schema([COLLECTION_SCHEMA.field(name) for name in columns])
    tables = [
        pq.ParquetFile(path).read(columns=columns).cast(schema)
        for path in sorted((landing / "collections").glob("*.parquet"))
        if path.stem in files
    ]
    rows: list[dict[str, str]] = pa.concat_tables([schema.empty_table(), *tables]).to_pylist()
    return [row for row in rows if platform in (None, row["platform"])]


def run_to_resume(landing: Path, platform: str, url: str) -> Run:
    """The last run of a platform that is not complete.

    Raises
    ------
    CollectError
        When there is none.
    """
    open_runs = [run for run in read_runs(landing) if run.platform == platform and run.status != COMPLETE]
    if not open_runs:
        raise CollectError(
            expected=f"a run of {platform} that is incomplete",
            got="none",
            remedy=f"start one: tribu collect {platform} HANDLE… (tribu status lists those that are incomplete)",
        )
    if open_runs[-1].url != url:
        raise CollectError(
            expected=f"the address that the run began with, {open_runs[-1].url}",
            got=url,
            remedy="give it with --url",
        )
    return open_runs[-1]
