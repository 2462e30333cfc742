"""Imports that are killed without warning: landing is as before them, or they are whole; never something between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tribu.landing.importing import import_files
from tribu.landing.store import TABLES, check_landing, open_batch

Write = Callable[..., Path]

KILLED = """
import os, signal, sys
from pathlib import Path
from tribu.landing import bookkeeping, importing, reading, retrying, store

place, call, landing, mode, *rest = sys.argv[1:]
owner, name = {
    "reading": (reading.Reading, "read"),
    "writing": (reading.Reading, "write"),
    "rejects": (importing, "write_rejects"),
    "ledger": (importing, "write_ledger"),
    "retry ledger": (retrying, "write_ledger"),
    "commit": (store.BatchWriter, "commit"),
    "finish": (store, "_finish"),
    "steps": (store, "_sync"),
}[place]
plain, calls = getattr(owner, name), 0

def cut(*arguments, **named):
    global calls
    calls += 1
    if calls == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*arguments, **named)

setattr(owner, name, cut)
if mode == "retry":
    retrying.retry_rejects(Path(landing), mapping=rest[0])
else:
    importing.import_files(Path(landing), [Path(rest[0])], platform="x", again=mode == "again")
"""
LIST = 'handle,followers\nana,1\nbo,2\nbo,2\n"cy,3\n'
MAPPING = """
name: landing_columns
title: As landing columns are
variants:
  - name: landing_columns
    headers: [handle, followers]
    delimiter: ","
    quote: none
    tables: {accounts: {constants: {platform: x}, columns: {handle: handle, followers: followers}}}
"""


def kill(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == -9, (done.returncode, done.stderr)


def content(landing: Path) -> dict[str, list[dict[str, object]]]:
    """What readers of landing see: every row of every table."""
    return {
        table: [
            row
            for path in sorted((landing / table).glob("*.parquet"))
            for row in pq.ParquetFile(path).read().to_pylist()
        ]
        for table in TABLES
    }


def account(landing: Path) -> set[tuple[int, ...]]:
    rows = content(landing)["imports"]
    return {
        tuple(int(str(row[f"rows_{name}"])) for name in ("read", "landed", "duplicate", "rejected")) for row in rows
    }


@pytest.mark.parametrize(
    ("place", "call", "first"),
    [
        ("reading", "1", True),
        ("writing", "2", False),
        ("rejects", "1", True),
        ("ledger", "1", False),
        ("commit", "1", True),
        ("commit", "1", False),
    ],
)
def test_killed_before_its_commit_an_import_leaves_nothing(
    landing: Path, write: Write, place: str, call: str, first: bool
) -> None:
    if not first:
        import_files(landing, [write("before.csv", "handle\nzoe\n")], platform="x")
    before = content(landing)
    new = write("new.csv", LIST)
    kill(place, call, str(landing), "new", str(new))
    assert content(landing) == before
    with open_batch(landing):
        pass
    assert content(landing) == before
    # and nothing of it stands in the way
    (one,) = import_files(landing, [new], platform="x").outcomes
    assert (one.read, one.landed, one.duplicate, one.rejected) == (4, 2, 1, 1)
    assert sorted(path.name for path in landing.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("mode", "call"), [("new", "1"), ("new", "13"), ("new", "15"), ("again", "1"), ("again", "18"), ("again", "21")]
)
def test_killed_in_its_commit_an_import_is_whole_for_the_next(
    landing: Path, write: Write, call: str, mode: str
) -> None:
    new = write("new.csv", LIST)
    if mode == "again":
        import_files(landing, [new, write("other.csv", "handle\nzoe\n")], platform="x")
    before = content(landing)
    kill("finish" if call == "1" else "steps", call, str(landing), mode, str(new))
    with open_batch(landing):
        pass
    assert check_landing(landing)
    after = content(landing)
    kept = [row for row in after["imports"] if row["_file"] == "new.csv"]
    assert len(kept) == 1
    assert account(landing) == {(4, 2, 1, 1)} | ({(1, 1, 0, 0)} if mode == "again" else set())
    assert len(after["accounts"]) == len(before["accounts"]) + (2 if mode == "new" else 0)
    assert [row["raw_text"] for row in after["rejects"]] == ['"cy,3']


@pytest.mark.parametrize(("place", "call"), [("reading", "1"), ("retry ledger", "1"), ("commit", "1"), ("finish", "1")])
def test_a_retry_that_is_killed_loses_and_doubles_nothing(landing: Path, write: Write, place: str, call: str) -> None:
    import_files(landing, [write("new.csv", LIST)], platform="x")
    kill(place, call, str(landing), "retry", str(write("better.yml", MAPPING)))
    with open_batch(landing):
        pass
    done = place == "finish"
    assert account(landing) == ({(3, 2, 1, 0), (1, 1, 0, 0)} if done else {(4, 2, 1, 1)})
    rows = content(landing)
    assert (len(rows["accounts"]), len(rows["rejects"])) == ((3, 0) if done else (2, 1))
