"""From a slice that dlt has loaded to a batch of landing: the same room, ledger and counts as an import."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tribu.collect.network import DUPLICATE
from tribu.errors import LandingError
from tribu.landing.contract import COLLECTION_SCHEMA, COMPRESSION, table_schema
from tribu.landing.store import BatchWriter, open_batch, read_ledger

_PATIENCE: Final = 60
"""Seconds for which another import may hold landing."""


@dataclass(frozen=True)
class Landed:
    """What one slice brought."""

    settled: frozenset[str]
    accounts: int
    posts: int
    outcomes: Mapping[str, int]
    shortfalls: tuple[str, ...]


def land_slice(
    landing: Path, tables: Mapping[str, pa.Table], *, run_id: str, network: str, declaration: str
) -> Landed | None:
    """Land the tables of one slice as one batch; None when there is nothing of any account in them.

    A slice that is in the ledger already is not landed twice.

    Parameters
    ----------
    declaration
        What the rows were made by, for the ledger.

    Raises
    ------
    LandingError
        When landing is damaged, or another import holds it for more than a minute.
    """
    outcomes = tables["outcomes"].to_pylist()
    if not outcomes:
        return None
    file = f"{network}/{run_id}/slice-{int(outcomes[0]['slice']):05d}"
    accounts = tables["accounts"].to_pylist()
    posts, doubled = _distinct(tables["posts"].to_pylist())
    content = json.dumps([file, accounts, posts, outcomes], sort_keys=True, ensure_ascii=False)
    provenance = {
        "number_locale": "en",
        "_file": file,
        "_file_sha256": hashlib.sha256(content.encode()).hexdigest(),
        "_landed_at": datetime.now(UTC).replace(tzinfo=None),
    }
    duplicates = sum(row["outcome"] == DUPLICATE for row in outcomes)
    unseen = [row for row in outcomes if row["account_id"] is None]
    with ExitStack() as stack:
        writer = _wait_for(landing, stack)
        provenance["_batch_id"] = writer.batch_id
        if file not in {entry.file for entry in read_ledger(landing)}:
            counts = {
                "accounts": (len(outcomes), len(accounts), duplicates, len(unseen)),
                "posts": (len(posts) + doubled, len(posts), doubled, 0),
            }
            _write(writer, "accounts", _numbered(accounts, provenance))
            _write(writer, "posts", _numbered(posts, provenance))
            _write(writer, "rejects", [_reject(row, network, provenance) for row in unseen])
            _write(
                writer,
                "imports",
                [_ledger_row(table, count, network, declaration, provenance) for table, count in counts.items()],
            )
            _write(
                writer,
                "collections",
                [_collection_row(row, run_id, network, provenance) for row in outcomes],
            )
            writer.commit()
    return Landed(
        settled=frozenset(row["asked"] for row in outcomes),
        accounts=len(accounts),
        posts=len(posts),
        outcomes=Counter(row["outcome"] for row in outcomes),
        shortfalls=tuple(
            f"{row['handle']}: {int(row['posts_received']):,} of {int(row['posts_expected']):,} posts came"
            for row in outcomes
            if row["posts_expected"] is not None and int(row["posts_received"] or 0) < int(row["posts_expected"])
        ),
    )


def _wait_for(landing: Path, stack: ExitStack) -> BatchWriter:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return stack.enter_context(open_batch(landing))
        except LandingError as error:
            if "another import" not in error.got or time.monotonic() > until:
                raise
            time.sleep(0.5)


def _distinct(posts: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Each post once, as it came first: pages shift while they are read. And how many came again."""
    by_key: dict[tuple[Any, ...], dict[str, Any]] = {}
    for index, post in enumerate(posts):
        key = (post["account_id"], post["post_id"]) if post["post_id"] else (index,)
        by_key.setdefault(key, post)
    return list(by_key.values()), len(posts) - len(by_key)


def _numbered(rows: list[dict[str, Any]], provenance: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [row | dict(provenance) | {"_row": number} for number, row in enumerate(rows, start=1)]


def _reject(outcome: Mapping[str, Any], network: str, provenance: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **provenance,
        "source": f"{network}_api",
        "reason": f"{outcome['outcome']} account",
        "raw_text": outcome["asked"],
        "line": None,
        "byte_position": None,
    }


def _ledger_row(
    table: str, counts: tuple[int, int, int, int], network: str, declaration: str, provenance: Mapping[str, Any]
) -> dict[str, Any]:
    read, landed, duplicate, rejected = counts
    return {
        **provenance,
        "table_name": table,
        "source": f"{network}_api",
        "mapping": f"collect/{network}",
        "mapping_sha256": hashlib.sha256(declaration.encode()).hexdigest(),
        "date_order": "ymd",
        "null_spellings": [],
        "units": [],
        "rows_read": read,
        "rows_landed": landed,
        "rows_duplicate": duplicate,
        "rows_rejected": rejected,
    }


def _collection_row(
    outcome: Mapping[str, Any], run_id: str, network: str, provenance: Mapping[str, Any]
) -> dict[str, Any]:
    counts = {
        name: None if outcome[name] is None else int(outcome[name])
        for name in ("posts_stated", "posts_expected", "posts_received")
    }
    return {**outcome, **counts, **provenance, "run_id": run_id, "platform": network}


def _write(writer: BatchWriter, table: str, rows: list[dict[str, Any]]) -> None:
    schema = COLLECTION_SCHEMA if table == "collections" else table_schema(table)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), writer.path(table), compression=COMPRESSION)
