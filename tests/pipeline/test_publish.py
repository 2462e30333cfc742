"""The published marts: what a build hands over, when it hands over nothing, and who may read meanwhile."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
from tests.conftest import ROOT, Build, places_env, run_dbt, run_tribu
from tests.small_landing import SMALL, import_people

from tribu.errors import WarehouseError
from tribu.lock import exclusive_file


def published(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "published.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def site_build(folder: Path) -> str:
    return str(json.loads((folder / "site" / "report.json").read_text(encoding="utf-8"))["overview"]["build_id"])


def copied(build: Build, folder: Path) -> Path:
    """The warehouse, the site and the published marts of a build in a folder of their own."""
    shutil.copy(build.warehouse, folder / "warehouse.duckdb")
    shutil.copy(build.folder / "published.duckdb", folder / "published.duckdb")
    shutil.copytree(build.site, folder / "site")
    return folder


def test_a_build_publishes_every_mart_as_it_is_and_nothing_else(sample_build: Build) -> None:
    marts = "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
    tables = [str(name) for (name,) in sample_build.rows(marts)]
    assert published(sample_build.folder, "select schema_name, table_name from duckdb_tables() order by all") == [
        ("marts", name) for name in tables
    ]
    assert len(tables) > 20
    with duckdb.connect() as connection:
        connection.execute(f"attach '{sample_build.warehouse}' as w (read_only)")
        connection.execute(f"attach '{sample_build.folder / 'published.duckdb'}' as p (read_only)")
        for name in tables:
            there, here = f"from w.marts.{name}", f"from p.marts.{name}"
            assert connection.execute(f"(select * {there} except all select * {here})").fetchall() == [], name
            assert connection.execute(f"(select * {here} except all select * {there})").fetchall() == [], name
    comments = "select count(*) from duckdb_columns() where schema_name = 'marts' and comment is not null"
    assert published(sample_build.folder, comments) == sample_build.rows(comments) != [(0,)]
    (build_id,) = sample_build.rows("select build_id from marts.current_build")[0]
    assert published(sample_build.folder, "select build_id from marts.current_build") == [(build_id,)]
    assert site_build(sample_build.folder) == build_id
    told = json.loads(run_tribu(sample_build.folder, "status", "--json").stdout)
    assert told["published"] == {"file": str(sample_build.folder / "published.duckdb"), "build_id": build_id}


def test_a_failed_test_publishes_nothing_and_says_so(sample_build: Build, tmp_path: Path) -> None:
    copied(sample_build, tmp_path)
    before = (tmp_path / "published.duckdb").read_bytes(), site_build(tmp_path)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("update marts.dim_clusters set share_ratio = 7")
    damaged = "in_range_dim_clusters_0__1__share_ratio"
    done = run_dbt(tmp_path, "build", "--select", "current_build", damaged, "report_site")
    assert done.exit_code == 1, done.log
    assert (
        "nothing is published, for 2 of the steps failed or were skipped; the site and the published marts stay"
        in done.log
    )
    assert ((tmp_path / "published.duckdb").read_bytes(), site_build(tmp_path)) == before
    for command in (["publish"], ["report"], ["export", "csv", str(tmp_path / "out")]):
        refused = run_tribu(tmp_path, *command)
        assert refused.returncode == 6, command
        assert "got one that failed or was cut off; remedy: run dbt build to its end" in refused.stderr
    # what is wrong can be looked at all the same, elsewhere
    assert run_tribu(tmp_path, "report", "--out", str(tmp_path / "look")).returncode == 0
    assert ((tmp_path / "published.duckdb").read_bytes(), site_build(tmp_path)) == before
    # a part that ends well does not make the rest whole
    part = run_dbt(tmp_path, "run", "--select", "report_site")
    assert part.exit_code == 0, part.log
    assert "tables of more than one build; run dbt build to its end" in part.log
    assert ((tmp_path / "published.duckdb").read_bytes(), site_build(tmp_path)) == before


def test_a_part_of_a_whole_build_publishes_marts_and_site_together(sample_build: Build, tmp_path: Path) -> None:
    copied(sample_build, tmp_path)
    before = site_build(tmp_path)
    done = run_dbt(tmp_path, "run", "--select", "current_build", "rpt_overview", "report_site")
    assert done.exit_code == 0, done.log
    assert published(tmp_path, "select build_id from marts.current_build") == [(site_build(tmp_path),)]
    assert site_build(tmp_path) != before


def test_publish_brings_back_what_was_lost_and_mixes_nothing(sample_build: Build, tmp_path: Path) -> None:
    copied(sample_build, tmp_path)
    (tmp_path / "published.duckdb").unlink()
    done = run_tribu(tmp_path, "publish")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "published.duckdb")
    assert published(tmp_path, "select build_id from marts.current_build") == [(site_build(tmp_path),)]
    # a site of another build
    text = (tmp_path / "site" / "report.json").read_text(encoding="utf-8")
    (tmp_path / "site" / "report.json").write_text(text.replace(site_build(tmp_path), "another"), encoding="utf-8")
    refused = run_tribu(tmp_path, "publish")
    assert refused.returncode == 6
    assert "got a site of build another; remedy: run tribu report" in refused.stderr
    assert run_tribu(tmp_path, "report").returncode == 0
    assert published(tmp_path, "select build_id from marts.current_build") == [(site_build(tmp_path),)]
    # marts of another build are published with the site that is rendered
    with duckdb.connect(str(tmp_path / "published.duckdb")) as connection:
        connection.execute("update marts.current_build set build_id = 'another'")
    assert run_tribu(tmp_path, "report", "--lang", "fr").returncode == 0
    assert published(tmp_path, "select build_id from marts.current_build") == [(site_build(tmp_path),)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["published.duckdb", "site", "warehouse.duckdb"]


def test_a_second_build_waits_and_then_says_who_is_at_work(tmp_path: Path) -> None:
    lock = tmp_path / ".warehouse.duckdb.lock"
    with exclusive_file(lock, of="the warehouse", error=WarehouseError):
        begun = time.monotonic()
        done = run_dbt(tmp_path, "run", "--select", "current_build")
        assert time.monotonic() - begun > 2
    assert done.exit_code == 2
    assert f"waiting up to 2 s for {tmp_path / 'warehouse.duckdb'}, held by process {os.getpid()} on " in done.log
    assert f"got process {os.getpid()} on " in done.log
    assert "still after 2 s; remedy: wait until it has finished or end it" in done.log
    assert "Traceback" not in done.log
    assert not (tmp_path / "warehouse.duckdb").exists()


def test_a_build_waits_for_who_reads_the_warehouse_and_names_them(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True):
        done = run_dbt(tmp_path, "run", "--select", "current_build")
    assert done.exit_code == 2
    assert f"got process {os.getpid()} (" in done.log
    assert "Traceback" not in done.log
    assert run_dbt(tmp_path, "run", "--select", "current_build").exit_code == 0


def read_again_and_again(
    file: str, until: multiprocessing.synchronize.Event, told: multiprocessing.Queue[object]
) -> None:
    """A reader: every mart in one connection, over and over; what it saw of each build."""
    seen: dict[str, str] = {}
    reads = 0
    try:
        while True:
            is_last = until.is_set()
            with duckdb.connect(file, read_only=True) as connection:
                (build_id,) = connection.execute("select build_id from marts.current_build").fetchall()[0]
                content = hashlib.sha256()
                for (table,) in connection.execute(
                    "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
                ).fetchall():
                    rows = connection.execute(f"select * from marts.{table}").fetchall()
                    content.update(repr((table, sorted(map(repr, rows)))).encode())
                counts = connection.execute(
                    "select (select count(*) from marts.dim_influencers), (select sum(influencers_count) from"
                    " marts.dim_clusters), (select count(*) from marts.dim_people)"
                ).fetchall()[0]
            reads += 1
            assert len(set(counts)) == 1, counts
            assert seen.setdefault(build_id, content.hexdigest()) == content.hexdigest(), build_id
            if is_last:
                break
            time.sleep(0.5)
    except Exception as error:
        told.put(repr(error))
    else:
        told.put((reads, seen))


def test_ten_readers_see_no_error_and_no_mixture_during_three_builds(tmp_path: Path) -> None:
    import_people(tmp_path, 20)
    first = run_dbt(tmp_path, "build", "--vars", json.dumps(SMALL), data_tests=False)
    assert first.exit_code == 0, first.log
    context = multiprocessing.get_context("spawn")
    until, told = context.Event(), context.Queue()
    file = str(tmp_path / "published.duckdb")
    readers = [context.Process(target=read_again_and_again, args=(file, until, told), daemon=True) for _ in range(10)]
    for reader in readers:
        reader.start()
    builds = [site_build(tmp_path)]
    for number in range(1, 4):
        import_people(tmp_path, 20 + 5 * number, first=1000 * number)
        done = run_dbt(tmp_path, "build", "--vars", json.dumps(SMALL), data_tests=False)
        assert done.exit_code == 0, done.log
        builds.append(site_build(tmp_path))
    until.set()
    answers = [told.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join(timeout=60)
    assert [answer for answer in answers if isinstance(answer, str)] == []
    seen: dict[str, set[str]] = {}
    for _, of_one in answers:
        for build_id, content in of_one.items():
            seen.setdefault(build_id, set()).add(content)
    # every reader saw the same of each build, and nothing but these builds
    assert {build_id: len(contents) for build_id, contents in seen.items()} == dict.fromkeys(builds, 1)
    assert len(set(builds)) == 4
    print(f"{sum(reads for reads, _ in answers)} readings by 10 readers during 3 builds")


def test_publish_is_documented(tmp_path: Path) -> None:
    told = subprocess.run(
        [str(Path(sys.executable).with_name("tribu")), "publish", "--help"],
        cwd=ROOT,
        env=places_env(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "while the next one runs" in " ".join(told.split())
    assert "TRIBU_PUBLISHED" in told
