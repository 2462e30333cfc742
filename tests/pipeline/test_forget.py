"""`tribu forget` on a folder of its own: the person is gone from every file, stays out, and the figures add up."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.conftest import ROOT, places_env
from tests.kept import found, misfits

from tribu.errors import WarehouseError
from tribu.lock import exclusive_file

HANDLE, RENAMED, ID = "quokka_forgetme", "quokka.renamed_one", "7799000011112222"
NAMES = (HANDLE, RENAMED, ID)

ACCOUNTS = f"""platform,account_id,handle,observed_at,display_name,bio,followers
instagram,{ID},{HANDLE},2026-01-01,Somebody,me,1200
instagram,{ID},@{RENAMED.upper()},2026-02-01,Somebody,me,1300
instagram,1,a_friend,2026-01-01,A Friend,with @{HANDLE} and IG: {RENAMED},500
tiktok,2,another,2026-01-01,Another,hello,700
instagram,3,third,2026-01-01,Third
instagram,{ID},{HANDLE},2026-03-01
"""
POSTS = f"""platform,account_id,handle,post_id,posted_at,caption,hashtags,likes
instagram,{ID},{HANDLE},p1,2026-01-01,my own,#me,10
instagram,1,a_friend,p2,2026-01-02,thanks @{HANDLE}! https://instagram.com/{HANDLE},#{RENAMED},11
"""


def tribu(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_script(), *arguments],
        cwd=ROOT,
        env=_env(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def _script() -> str:
    return str(Path(sys.executable).with_name("tribu"))


def _env(folder: Path) -> dict[str, str]:
    return {
        **places_env(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Landing with somebody in every corner of it, and the files that are made of landing."""
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "posts.csv").write_text(POSTS, encoding="utf-8")
    done = tribu(tmp_path, "import", str(tmp_path / "accounts.csv"), str(tmp_path / "posts.csv"))
    assert done.returncode == 0, done.stderr
    for name in ("warehouse.duckdb", "published.duckdb"):
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute("create schema marts")
            connection.execute(
                "create table marts.dim_influencers as select * from (values "
                f"('key_of_them', 'instagram', '{HANDLE}', '{ID}'), ('other', 'instagram', 'a_friend', '1')) "
                "as t (influencer_key, platform, handle, account_id)"
            )
            connection.execute(
                "create table marts.near as select * from (values ('other', ['key_of_them', 'x']), ('x', ['other'])) "
                "as t (influencer_key, others)"
            )
            connection.execute(f"insert into marts.near values ('{RENAMED}', [])")
            connection.execute(f"delete from marts.near where influencer_key = '{RENAMED}'")  # leaves a freed block
    for path, text in {
        "site/index.html": f"<a>{HANDLE}</a>",
        "site/report.json": '{"format": "tribu-report"}',
        "target/manifest.json": f'{{"x": "{HANDLE}"}}',
        "logs/dbt.log": f"seen {ID}",
        "landing/.collecting/run/load.jsonl": HANDLE,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


DRAFTS = (
    ".site.staged/index.html",
    ".site.staged.new-0a1b2c3d/index.html",
    ".published.duckdb.staged",
    "warehouse.duckdb.tmp/duckdb_temp_storage-0.tmp",
    "models/.landing-model.json.4711",
)


def _leave_drafts(folder: Path) -> None:
    """What builds and reports that were killed leave."""
    for path in DRAFTS:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f'{{"half of": "{HANDLE}', encoding="utf-8")


def test_the_bytes_of_a_person_are_gone_from_every_file(folder: Path) -> None:
    _leave_drafts(folder)
    kept = {"site/index.html", "warehouse.duckdb", "target/manifest.json", "logs/dbt.log", *DRAFTS}
    assert kept <= found(folder, NAMES)
    before = pq.read_table(folder / "landing" / "accounts").num_rows

    done = tribu(folder, "forget", f"@{HANDLE.upper()}", "--platform", "IG", "--yes")

    assert done.returncode == 0, done.stderr
    assert found(folder, (*NAMES, "key_of_them")) == set()
    accounts = pq.read_table(folder / "landing" / "accounts").to_pylist()
    assert before - len(accounts) == 2
    assert {row["handle"] for row in accounts} == {"a_friend", "another"}
    (bio,) = [row["bio"] for row in accounts if row["handle"] == "a_friend"]
    assert bio == "with  and IG: "
    rejects = pq.read_table(folder / "landing" / "rejects").to_pylist()
    assert [row["raw_text"].split(",")[2] for row in rejects] == ["third"]
    assert misfits(folder / "landing") == []
    assert stat.S_IMODE((folder / "forget.key").stat().st_mode) == 0o600
    with duckdb.connect(str(folder / "published.duckdb"), read_only=True) as connection:
        assert connection.execute("select influencer_key from marts.dim_influencers").fetchall() == [("other",)]
        assert connection.execute("select influencer_key from marts.near").fetchall() == [("x",)]


def test_no_build_and_no_collection_is_at_work_meanwhile(folder: Path) -> None:
    _leave_drafts(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for lock in (folder / ".warehouse.duckdb.lock", folder / "landing" / ".collecting" / "run" / ".lock"):
        with exclusive_file(lock, of="it", error=WarehouseError):
            refused = tribu(folder, "forget", HANDLE, "--platform", "instagram", "--yes")
        assert refused.returncode in {5, 6}
        assert f"held by process {os.getpid()} on " in refused.stderr
        assert "still after 2 s; remedy: wait until it has finished" in refused.stderr
    kept = {path: path.read_bytes() for path in before if path.exists()}
    # drafts of killed processes go with whoever comes next
    assert {path.relative_to(folder).parts[0] for path in before if path not in kept} == {
        ".site.staged",
        ".site.staged.new-0a1b2c3d",
        ".published.duckdb.staged",
    }
    assert all(before[path] == content for path, content in kept.items())


def test_the_audit_names_nobody(folder: Path) -> None:
    tribu(folder, "forget", HANDLE, "--platform", "instagram", "--yes")
    (path,) = (folder / "landing" / "forgotten").glob("*.parquet")
    rows = pq.read_table(path).to_pylist()
    told = {row["table_name"]: row["rows_forgotten"] for row in rows if row["_batch_id"] is None}
    assert told["landing: accounts"] == 2
    assert told["landing: posts"] == 1
    assert told["landing: rejects"] == 1
    assert told["published.duckdb: marts.dim_influencers"] == 1
    assert {row["platform"] for row in rows} == {"instagram"}
    assert all(row["forgotten_at"] for row in rows)


def test_an_import_does_not_bring_them_back(folder: Path) -> None:
    tribu(folder, "forget", ID, "--platform", "instagram", "--yes")
    (folder / "later.csv").write_text(ACCOUNTS.replace("2026-01-01", "2026-05-01"), encoding="utf-8")
    done = tribu(folder, "import", str(folder / "later.csv"), "--json")
    assert done.returncode == 0, done.stderr
    total = json.loads(done.stdout)["total"]
    assert total == {"read": 6, "landed": 2, "duplicate": 0, "rejected": 1, "forgotten": 3}
    # The user's own files are theirs; what Tribu wrote of them is clean.
    assert found(folder, NAMES) == set()
    assert misfits(folder / "landing") == []


def test_without_the_key_nothing_is_imported_and_the_list_tells_nothing(folder: Path) -> None:
    tribu(folder, "forget", HANDLE, "--platform", "instagram", "--yes")
    (folder / "forget.key").rename(folder / "elsewhere")
    (folder / "later.csv").write_text(ACCOUNTS.replace("2026-01-01", "2026-05-01"), encoding="utf-8")
    done = tribu(folder, "import", str(folder / "later.csv"))
    assert done.returncode == 5
    assert "restore the key" in done.stderr
    assert found(folder, NAMES) == set()


def test_a_dry_run_changes_nothing_and_an_unknown_name_is_told(folder: Path) -> None:
    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

    before = state()
    dry = tribu(folder, "forget", HANDLE, "--platform", "instagram", "--dry-run")
    assert dry.returncode == 0
    assert "landing: accounts" in dry.stdout
    assert state() == before
    unknown = tribu(folder, "forget", "quokka_forgetm", "--platform", "instagram", "--yes")
    assert unknown.returncode == 13
    assert HANDLE in unknown.stderr
    assert tribu(folder, "forget", HANDLE, "--platform", "x'; drop", "--yes").returncode == 13
    hostile = tribu(folder, "forget", "'; drop schema marts; --", "--platform", "instagram", "--yes")
    assert hostile.returncode == 13, hostile.stderr
    assert state() == before


def test_the_same_name_on_another_platform_stays(folder: Path) -> None:
    tribu(folder, "forget", "another", "--platform", "instagram", "--yes")
    assert "another" in {row["handle"] for row in pq.read_table(folder / "landing" / "accounts").to_pylist()}


def test_a_killed_call_is_finished_by_the_next(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = np.random.default_rng(20261123)
    began = time.monotonic()
    whole = tmp_path_factory.mktemp("whole") / "copy"
    shutil.copytree(folder, whole)
    assert tribu(whole, "forget", HANDLE, "--platform", "instagram", "--yes").returncode == 0
    seconds = time.monotonic() - began
    killed = 0
    for number in range(8):
        copy = tmp_path_factory.mktemp("killed") / str(number)
        shutil.copytree(folder, copy)
        process = subprocess.Popen(
            [_script(), "forget", HANDLE, "--platform", "instagram", "--yes"],
            cwd=ROOT,
            env=_env(copy),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds * chance.uniform(0.3, 1.0))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        done = tribu(copy, "forget", HANDLE, "--platform", "instagram", "--yes")
        assert done.returncode == 0, done.stderr
        assert found(copy, NAMES) == set()
        assert misfits(copy / "landing") == []
    assert killed > 0, "no call was cut off"


def test_a_folder_that_is_none_of_tribus_is_never_removed(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "letter.txt").write_text(HANDLE, encoding="utf-8")
    arguments = ("forget", HANDLE, "--platform", "instagram", "--yes", "--export", str(folder / "mine"))
    assert tribu(folder, *arguments).returncode == 13
    assert (folder / "mine" / "letter.txt").exists()
    assert (folder / "site" / "index.html").exists()
    (folder / "mine" / "tribu-export.json").write_text('{"format": "tribu-export-csv"}', encoding="utf-8")
    assert tribu(folder, *arguments).returncode == 0
    assert not (folder / "mine").exists()
