"""Disks that are full or read-only, files that are damaged or of another version: one clear line, and nothing worse than before."""

from __future__ import annotations

import json
import shutil
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.conftest import ROOT, places_env, run_dbt, run_tribu
from tests.small_disk import Outcome, run_on_bad_disk
from tests.small_landing import SMALL, import_people

from tribu.publication import published_build_id, site_build_id

BUILD = ("build", "--vars", json.dumps(SMALL))
STAGING = ("run", "--select", "stg_imports", "stg_accounts_parsed", "--vars", json.dumps(SMALL))
MODEL = ("run", "--select", "accepted_model", "--vars", json.dumps(SMALL))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project, built."""
    folder = tmp_path_factory.mktemp("built")
    import_people(folder, 20)
    done = run_dbt(folder, *BUILD, data_tests=False)
    assert done.exit_code == 0, done.log
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it."""
    copy = tmp_path / "project"
    shutil.copytree(built, copy)
    yield copy
    shutil.rmtree(copy, ignore_errors=True)


def state(folder: Path) -> dict[str, object]:
    """What counts: what is landed and accepted, and of which build marts and site are."""
    return {
        "landed": sorted(
            repr(row)
            for table in ("accounts", "posts", "rejects", "imports")
            for path in (folder / "landing" / table).glob("*.parquet")
            for row in pq.ParquetFile(path).read().to_pylist()
        ),
        "models": sorted(path.name for path in (folder / "models").glob("*.json")),
        "published": published_build_id(folder / "published.duckdb"),
        "site": site_build_id(folder / "site"),
    }


def on_bad_disk(folder: Path, words: tuple[str, ...], free_bytes: int | None) -> Outcome:
    return run_on_bad_disk(
        folder,
        [str(Path(sys.executable).with_name(words[0])), *words[1:]],
        {
            **places_env(folder),
            "DBT_TARGET_PATH": str(folder.parent / "target"),
            "DBT_LOG_PATH": str(folder.parent / "logs"),
        },
        free_bytes=free_bytes,
        cwd=ROOT,
    )


def list_to_import(folder: Path) -> str:
    """A list that takes more room than a nearly full disk has."""
    file = folder.parent / "more.csv"
    lines = ["platform,handle,account_id,bio,followers,observed_at"]
    lines += [
        f"instagram,somebody{number},{9000 + number},{hash((number, 'a'))} {hash((number, 'b'))},{number},2026-06-01"
        for number in range(4000)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


COMMANDS = {
    "import": ("tribu", "import"),
    "report": ("tribu", "report"),
    "publish": ("tribu", "publish"),
    "forget": ("tribu", "forget", "person7", "--platform", "instagram", "--yes"),
    # the last steps of a build: of all of it, dbt's own parsing is most
    "build": ("dbt", "--no-use-colors", "run", "--select", "current_build", "rpt_overview", "report_site", *BUILD[1:]),
}


@pytest.mark.parametrize("free_bytes", [100_000, None], ids=["full", "read-only"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_disk_is_told_and_harms_nothing(folder: Path, name: str, free_bytes: int | None) -> None:
    words = COMMANDS[name]
    if name == "import":
        words = (*words, list_to_import(folder))
    if name == "publish":
        (folder / "published.duckdb").unlink()
    before = state(folder)
    done = on_bad_disk(folder, words, free_bytes)

    assert done.exit_code not in {0, 1} if name != "build" else done.exit_code in {1, 2}, done.told
    assert ("No space left on device" if free_bytes else "Read-only file system") in done.told
    assert "remedy: " in done.told
    # dbt shows where a Python model failed, as a trace
    assert name == "build" or "Traceback" not in done.told
    # once there is room the same command does its work, on the very files that were left
    assert done.exit_code_after == 0, done.told_after
    bad = folder.with_name("project.bad")
    assert state(bad) == before
    if name == "import":
        assert len(state(folder)["landed"]) > 4000  # type: ignore[arg-type]
    if name in {"build", "report", "publish"}:
        assert state(folder)["published"] == state(folder)["site"] is not None


def test_a_damaged_parquet_file_is_named_with_what_to_do(folder: Path) -> None:
    (path,) = (folder / "landing" / "accounts").glob("*.parquet")
    whole, before = path.read_bytes(), state(folder)
    told = f"got {path}, which is none or is damaged; remedy: restore it from a copy, or remove the landing folder"

    path.write_bytes(whole[: len(whole) // 2])
    refused = run_dbt(folder, *STAGING)
    assert refused.exit_code != 0
    assert told in refused.log
    assert "Traceback" not in refused.log
    for words in (("status",), ("import", list_to_import(folder)), ("forget", "person7", "--platform", "ig", "--yes")):
        done = run_tribu(folder, *words)
        assert done.returncode == 5, done.stderr
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    assert published_build_id(folder / "published.duckdb") == before["published"] == site_build_id(folder / "site")

    # whole at its end, and damaged within: seen where its rows are read
    start = whole.index(b"PAR1") + 4
    path.write_bytes(whole[:start] + bytes(len(whole[start:]) // 4) + whole[start + len(whole[start:]) // 4 :])
    failed = run_dbt(folder, *STAGING)
    assert failed.exit_code == 1
    assert told in failed.log
    assert "Traceback" not in failed.log
    path.write_bytes(whole)
    assert state(folder) == before
    assert run_dbt(folder, *STAGING).exit_code == 0


@pytest.mark.parametrize("damage", ["{", '{"format": 99}'])
def test_a_damaged_model_is_named_with_what_to_do(folder: Path, damage: str) -> None:
    (path,) = (folder / "models").glob("*.json")
    whole, before = path.read_text(encoding="utf-8"), state(folder)
    path.write_text(damage, encoding="utf-8")
    done = run_dbt(folder, *MODEL)
    assert done.exit_code == 1
    # dbt shows where a Python model failed, as a trace; ours is the line below it
    (line,) = [line for line in done.log.splitlines() if "Tribu: expected an accepted model" in line]
    assert f"in {path}; got " in line
    assert "move it away" in line
    assert path.read_text(encoding="utf-8") == damage
    path.write_text(whole, encoding="utf-8")
    assert state(folder) == before
    assert run_dbt(folder, *MODEL).exit_code == 0


def of_another_version(path: Path) -> None:
    """Say in a database's header that a version of DuckDB yet to come wrote it."""
    content = bytearray(path.read_bytes())
    assert (content[8:12], content[:8]) == (b"DUCK", checksum(content[8:4096]))
    content[12:20] = struct.pack("<Q", 998)
    content[:8] = checksum(content[8:4096])
    path.write_bytes(bytes(content))


def checksum(header: bytes | bytearray) -> bytes:
    """That of DuckDB's blocks: every word times a constant, added without carry."""
    total = 5381
    for (word,) in struct.iter_unpack("<Q", header):
        total ^= word * 0xBF58476D1CE4E5B9 % 2**64
    return struct.pack("<Q", total)


@pytest.mark.parametrize("damage", ["version", "cut", "text"])
def test_a_warehouse_of_another_version_is_told_and_left_alone(folder: Path, damage: str) -> None:
    warehouse = folder / "warehouse.duckdb"
    if damage == "version":
        of_another_version(warehouse)
    else:
        warehouse.write_bytes(warehouse.read_bytes()[:20_000] if damage == "cut" else b"not a database\n" * 1000)
    content, before = warehouse.read_bytes(), state(folder)
    told = f"expected a DuckDB file of this version at {warehouse}; got "
    for words in (("report",), ("publish",), ("export", "csv", str(folder / "out"))):
        done = run_tribu(folder, *words)
        assert done.returncode == 6, done.stderr
        assert told in done.stderr
        assert "move it away and run dbt build" in done.stderr
        assert "Traceback" not in done.stderr
    build = run_dbt(folder, *STAGING)
    assert build.exit_code == 2
    assert told in build.log
    assert "Traceback" not in build.log
    assert run_tribu(folder, "status").returncode == 0
    assert warehouse.read_bytes() == content
    assert state(folder) == before
    if damage != "version":
        return
    # the remedy
    warehouse.rename(folder / "aside.duckdb")
    assert run_dbt(folder, *BUILD, data_tests=False).exit_code == 0
    assert state(folder)["published"] == state(folder)["site"] != before["published"]
    with duckdb.connect(str(folder / "published.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.dim_influencers").fetchall() == [(20,)]


def test_a_published_copy_of_another_version_is_replaced_and_stops_forgetting(folder: Path) -> None:
    published = folder / "published.duckdb"
    of_another_version(published)
    refused = run_tribu(folder, "forget", "person7", "--platform", "instagram", "--yes")
    assert refused.returncode == 6, refused.stderr
    assert f"expected a DuckDB file of this version at {published}" in refused.stderr
    assert "remedy: delete it" in refused.stderr
    assert run_tribu(folder, "publish").returncode == 0
    assert published_build_id(published) == site_build_id(folder / "site")
