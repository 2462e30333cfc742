"""The landing folder: whole batches, foreign folders, interrupted imports, one writer at a time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tribu.errors import LandingError
from tribu.landing import write_batch
from tribu.landing.contract import MARKER, table_schema
from tribu.landing.store import TABLES, check_landing, new_batch_id, open_batch, read_ledger

Rows = Callable[[str], list[dict[str, Any]]]
MOMENT = datetime(2026, 1, 2, 3, 4, 5)


def tables(sha: str = "aa", batch: str = "b1", handle: str = "ana") -> dict[str, pa.Table]:
    """One account row of one file, as the four tables of a batch."""
    common = {"_file": "f.csv", "_file_sha256": sha, "_batch_id": batch, "_landed_at": MOMENT}
    account = {"platform": "x", "handle": handle, "_row": 1, **common}
    ledger = {
        "table_name": "accounts",
        "mapping": "m",
        "mapping_sha256": "0",
        "null_spellings": ["-"],
        "units": [("followers", "thousand")],
        "rows_read": 1,
        "rows_landed": 1,
        "rows_duplicate": 0,
        "rows_rejected": 0,
        **common,
    }
    return {
        "accounts": pa.Table.from_pylist([account], schema=table_schema("accounts")),
        "posts": table_schema("posts").empty_table(),
        "rejects": table_schema("rejects").empty_table(),
        "imports": pa.Table.from_pylist([ledger], schema=table_schema("imports")),
    }


def test_a_batch_is_one_file_in_each_folder_with_the_columns_of_the_contract(landing: Path, rows: Rows) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    found = sorted(str(path.relative_to(landing)) for path in landing.rglob("*") if path.is_file())
    assert found == sorted([MARKER, *(f"{table}/b1.parquet" for table in TABLES)])
    for table in TABLES:
        assert pq.read_schema(landing / table / "b1.parquet").equals(table_schema(table))
    assert json.loads((landing / MARKER).read_text()) == {"format": 1}
    assert [row["handle"] for row in rows("accounts")] == ["ana"]
    assert check_landing(landing)


def test_the_ledger_reads_back(landing: Path) -> None:
    write_batch(landing, **tables(sha="cc"), batch_id="b1")
    (entry,) = read_ledger(landing)
    assert (entry.table, entry.sha256, entry.rows_landed, entry.batch_id) == ("accounts", "cc", 1, "b1")
    assert entry.landed_at == MOMENT


def test_names_of_batches_sort_by_time() -> None:
    early = new_batch_id(datetime(2026, 1, 9, 23, 59, 59, 999000, tzinfo=UTC))
    late = new_batch_id(datetime(2026, 1, 10, tzinfo=UTC))
    assert early < late
    assert early.startswith("20260109T235959999Z-")


def test_a_table_with_other_columns_is_refused_and_nothing_stays(landing: Path, snapshot: Callable[[], Any]) -> None:
    landing.parent.mkdir()
    before = snapshot()
    wrong = tables() | {"posts": pa.table({"handle": ["a"]})}
    with pytest.raises(LandingError, match="landing table posts"):
        write_batch(landing, **wrong, batch_id="b1")
    assert snapshot() == before


@pytest.mark.parametrize("name", ["notes.txt", "accounts/other.parquet"])
def test_a_folder_from_elsewhere_is_refused_and_named(landing: Path, name: str) -> None:
    path = landing / name
    path.parent.mkdir(parents=True)
    path.write_text("x")
    with pytest.raises(LandingError, match=f"a landing folder from elsewhere.*holds {name.partition('/')[0]}"):
        write_batch(landing, **tables(), batch_id="b1")
    assert [str(found.relative_to(landing)) for found in landing.rglob("*") if found.is_file()] == [name]


@pytest.mark.parametrize("marker", ['{"format": 2}', "{}", "no json"])
def test_a_landing_folder_of_another_format_is_refused(landing: Path, marker: str) -> None:
    landing.mkdir(parents=True)
    (landing / MARKER).write_text(marker)
    with pytest.raises(LandingError, match=MARKER):
        check_landing(landing)


def test_a_file_in_place_of_the_folder_is_refused(landing: Path) -> None:
    landing.parent.mkdir()
    landing.write_text("x")
    with pytest.raises(LandingError, match="a file at"):
        check_landing(landing)


def test_hidden_files_make_no_folder_foreign(landing: Path) -> None:
    landing.mkdir(parents=True)
    (landing / ".gitkeep").touch()
    assert not check_landing(landing)
    write_batch(landing, **tables(), batch_id="b1")
    assert (landing / ".gitkeep").exists()


def test_parquet_of_another_shape_is_refused(landing: Path) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    pq.write_table(pa.table({"platform": ["x"], "age": [3]}), landing / "accounts" / "b1.parquet")
    with pytest.raises(LandingError, match="landing table accounts.*a column age"):
        check_landing(landing)


def test_a_damaged_parquet_file_is_refused(landing: Path) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    (landing / "posts" / "b1.parquet").write_bytes(b"PAR1 cut off")
    with pytest.raises(LandingError, match="damaged"):
        check_landing(landing)


def test_a_batch_with_a_missing_file_is_refused(landing: Path) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    (landing / "posts" / "b1.parquet").unlink()
    with pytest.raises(LandingError, match="none in posts"):
        check_landing(landing)


def test_a_batch_that_another_process_is_moving_is_not_damaged(landing: Path) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    (landing / ".complete-b1").mkdir()
    (landing / "posts" / "b1.parquet").rename(landing / ".complete-b1" / "b1.parquet")
    assert check_landing(landing)


def test_without_a_commit_the_folder_is_as_before(landing: Path, snapshot: Callable[[], Any]) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    before = snapshot()
    with open_batch(landing) as writer:
        pq.write_table(tables()["accounts"], writer.path("accounts"))
    assert snapshot() == before


def test_an_error_leaves_the_folder_as_before(landing: Path, snapshot: Callable[[], Any]) -> None:
    landing.parent.mkdir()
    before = snapshot()
    with pytest.raises(KeyboardInterrupt), open_batch(landing) as writer:
        pq.write_table(tables()["accounts"], writer.path("accounts"))
        raise KeyboardInterrupt
    assert snapshot() == before


def test_the_remains_of_an_import_that_was_cut_off_are_removed(landing: Path, rows: Rows) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    remains = landing / ".incoming-b0"
    (remains / "accounts").mkdir(parents=True)
    pq.write_table(tables()["accounts"], remains / "accounts" / "b0.parquet")
    write_batch(landing, **tables(sha="bb", batch="b2"), batch_id="b2")
    assert not remains.exists()
    assert [entry.batch_id for entry in read_ledger(landing)] == ["b1", "b2"]
    assert len(rows("accounts")) == 2


class _CutOffError(Exception):
    """A process that dies in the midst of a commit."""


@pytest.mark.parametrize("moves", range(9))
def test_a_commit_cut_off_at_any_point_is_finished_by_the_next_import(
    landing: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    write_batch(landing, **tables(sha="old", handle="before"), batch_id="b1")
    merged = {
        name: pa.concat_tables([one, two])
        for (name, one), two in zip(
            tables(sha="old", batch="b2", handle="old2").items(),
            tables(sha="kept", batch="b2", handle="kept").values(),
            strict=True,
        )
    }
    write_batch(landing, **merged, batch_id="b2")

    real, done = Path.replace, 0

    def replace_some(source: Path, target: Path) -> Path:
        nonlocal done
        if done == moves:
            raise _CutOffError
        done += 1
        return real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace_some)
        try:
            with open_batch(landing, "b3") as writer:
                for name, table in tables(sha="old", batch="b3", handle="after").items():
                    pq.write_table(table, writer.path(name))
                writer.commit(replaced={"old"})
        except _CutOffError:
            assert moves < 8
    # A reader that comes before the repair is not told that the folder is damaged.
    assert check_landing(landing)
    write_batch(landing, **tables(sha="next", batch="b4", handle="next"), batch_id="b4")
    assert [row["handle"] for row in rows("accounts")] == ["kept", "after", "next"]
    assert [(entry.batch_id, entry.sha256) for entry in read_ledger(landing)] == [
        ("b2", "kept"),
        ("b3", "old"),
        ("b4", "next"),
    ]
    assert not list(landing.glob(".*"))
    assert check_landing(landing)


def test_replacing_every_file_of_a_batch_removes_the_batch(landing: Path) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    with open_batch(landing, "b2") as writer:
        for name, table in tables(batch="b2").items():
            pq.write_table(table, writer.path(name))
        writer.commit(replaced={"aa"})
    assert sorted(path.name for path in landing.rglob("*.parquet")) == ["b2.parquet"] * 4


HOLDER = """
import sys
from pathlib import Path
from tribu.landing.store import open_batch
with open_batch(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_import_is_told_who_holds_the_folder(
    landing: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIBU_LOCK_WAIT", "0.5")
    write_batch(landing, **tables(), batch_id="b1")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(landing)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(
            LandingError, match=f"process {holder.pid} on .* since .*still after 0.5 s.*kill {holder.pid}"
        ):
            write_batch(landing, **tables(sha="bb"), batch_id="b2")
        assert f"waiting up to 0.5 s for {landing}, held by process {holder.pid}" in capsys.readouterr().err
        holder.communicate("")
    write_batch(landing, **tables(sha="bb"), batch_id="b2")
    assert not (landing / ".lock").exists()


def test_the_lock_of_a_killed_import_stops_nobody(landing: Path) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(landing)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
    assert (landing / ".lock").exists()
    write_batch(landing, **tables(sha="bb"), batch_id="b2")
    assert len(read_ledger(landing)) == 2


def test_a_folder_that_cannot_be_written_is_told(landing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # By a stand-in: the superuser, as whom tests run in containers, may write everywhere.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    landing.parent.mkdir()
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LandingError, match="Permission denied.*TRIBU_LANDING"):
        write_batch(landing, **tables(), batch_id="b1")


def test_a_copy_of_a_landing_folder_is_one(landing: Path, tmp_path: Path) -> None:
    write_batch(landing, **tables(), batch_id="b1")
    shutil.copytree(landing, tmp_path / "copy")
    assert check_landing(tmp_path / "copy")
