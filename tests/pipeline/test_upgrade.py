"""Landing and a warehouse of the first contract go on under today's: what was landed counts as it did, and what was built is built anew."""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path

import duckdb
import pytest
from tests.conftest import ROOT, Build, run_dbt, run_tribu

FIXTURE = ROOT / "tests" / "fixtures" / "upgrade" / "first_contract"
COUNTS = ("influencer_key", "platform", "account_id", "handle", "followers_count")


@pytest.fixture(scope="module")
def before() -> list[tuple[object, ...]]:
    """Influencers as the build of that time gave them."""
    return []


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory, before: list[tuple[object, ...]]) -> Build:
    folder = tmp_path_factory.mktemp("upgrade")
    shutil.copytree(FIXTURE / "landing", folder / "landing")
    (folder / "warehouse.duckdb").write_bytes(lzma.decompress((FIXTURE / "warehouse.duckdb.xz").read_bytes()))
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        ((tables,),) = connection.execute("select count(*) from duckdb_tables()").fetchall()
        before += connection.execute(f"select {', '.join(COUNTS)} from marts.dim_influencers order by all").fetchall()
    assert (tables, len(before)) == (54, 60)
    build = run_dbt(folder, "build", "--vars", "{pictures: [], map_points: 60}")
    assert build.exit_code == 0, build.log
    return build


def test_influencers_keep_their_keys_and_figures(upgraded: Build, before: list[tuple[object, ...]]) -> None:
    assert upgraded.rows(f"select {', '.join(COUNTS)} from marts.dim_influencers order by all") == before


def test_nothing_landed_is_lost(upgraded: Build) -> None:
    assert upgraded.value("select count(*) from staging.stg_accounts") == 120
    assert upgraded.value("select count(*) from marts.fct_posts") == 300
    assert upgraded.value("select count(*) from staging.stg_rejects") == 1
    assert upgraded.value("select sum(rows_read) from audit.row_accounting") == 421


def test_commands_know_the_old_folder_and_go_on_in_it(upgraded: Build, tmp_path: Path) -> None:
    for name in ("landing", "site", "models"):
        shutil.copytree(upgraded.folder / name, tmp_path / name)
    shutil.copy(upgraded.warehouse, tmp_path / "warehouse.duckdb")
    status = run_tribu(tmp_path, "status")
    assert status.returncode == 0, status.stderr
    assert "60 influencers" in status.stdout
    (tmp_path / "next.csv").write_text(
        "platform,account_id,handle,observed_at,followers\ninstagram,1002,fixture_02,2026-07-01,5\n"
    )
    for arguments in (
        ("import", str(tmp_path / "next.csv")),
        ("report", "--lang", "en"),
        ("export", "csv", str(tmp_path / "csv")),
        ("forget", "fixture_03", "--platform", "tiktok", "--yes"),
    ):
        done = run_tribu(tmp_path, *arguments)
        assert done.returncode == 0, (arguments, done.stderr)
    assert (tmp_path / "landing" / "forgotten").is_dir()
