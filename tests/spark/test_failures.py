"""What a build on Spark does when something is taken from it: it goes on, or says what to do. Nothing here is pretended:
the worker and the server that are killed are real ones, on the loopback."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from benchmarks.scaling.cluster import Cluster, running_cluster
from benchmarks.scaling.comparison import compare, grains
from tests.conftest import ROOT, places_env, run_dbt
from tests.engines import SPARK_MISSING

if SPARK_MISSING:
    pytest.skip(SPARK_MISSING, allow_module_level=True)

#: A part of the project that ends where posts have their influencers: reading files, joins and sums, in a few minutes.
PART = ["--resource-type", "seed", "--resource-type", "model", "--select", "+int_posts"]
#: The statement of it that takes longest: what happens while it runs happens in the middle of a build.
LONGEST = "staging.stg_posts_parsed"
#: Seconds for a build of the part, on two cores that have other work.
PATIENCE = 900


def failed(folder: Path, env: dict[str, str], *arguments: str) -> str:
    """Run dbt where it must fail; give what it says."""
    done = dbt(folder, env, *arguments).communicate(timeout=PATIENCE)
    return done[0]


def dbt(folder: Path, env: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start dbt with all that it writes in ``folder``, but for what it has parsed: that is the same for all tests."""
    places = ["--target-path", str(folder.parent / "target"), "--log-path", str(folder / "logs")]
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments, *places],
        cwd=ROOT,
        # other than elsewhere the log is kept: it says what runs at this moment
        env={**places_env(folder), "DBT_LOG_LEVEL_FILE": "info", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_without_java_a_build_says_so(tmp_path: Path) -> None:
    told = failed(tmp_path, {"JAVA_HOME": str(tmp_path)}, "run", "--target", "spark", "--select", "stg_imports")
    assert "expected Java 17 or later; got none in JAVA_HOME" in told
    assert "remedy: install Java 17" in told


@pytest.mark.parametrize(
    ("target", "variable", "scheme", "what"),
    [
        ("spark_connect", "SPARK_REMOTE", "sc", "a Spark Connect server"),
        ("spark", "SPARK_MASTER", "spark", "the master of a Spark cluster"),
    ],
)
def test_where_nobody_answers_a_build_says_so(
    tmp_path: Path, target: str, variable: str, scheme: str, what: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    told = failed(
        tmp_path, {variable: f"{scheme}://127.0.0.1:{port}"}, "run", "--target", target, "--select", "stg_imports"
    )
    assert f"expected {what} at 127.0.0.1:{port}; got no answer" in told
    assert f"remedy: start it, or set {variable}" in told


def test_too_little_memory_to_start_is_told(tmp_path: Path) -> None:
    told = failed(tmp_path, {"SPARK_DRIVER_MEMORY": "256m"}, "run", "--target", "spark", "--select", "stg_imports")
    assert "expected enough memory" in told
    assert "remedy: raise SPARK_DRIVER_MEMORY" in told


def test_memory_that_runs_out_is_told(tmp_path: Path) -> None:
    # two gigabytes of text gathered into one row, where half a gigabyte is all there is
    query = "select size(collect_list(concat(repeat('x', 1000), cast(id as string)))) as held from range(2000000)"
    told = failed(tmp_path, {"SPARK_DRIVER_MEMORY": "512m"}, "show", "--inline", query, "--target", "spark")
    assert "expected the process of Spark to stay; got one that has ended, most often for want of memory" in told
    assert "remedy: raise SPARK_DRIVER_MEMORY" in told


@dataclass(frozen=True)
class Expected:
    """The part as DuckDB builds it, and the landing folder that both read."""

    warehouse: Path
    manifest: Path
    landing: Path

    def assert_same(self, tables: Path) -> None:
        """Compare every table of the part with its Parquet files on Spark."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.warehouse}' as warehouse (read_only)")
            there = {f"{row[0]}.{row[1]}" for row in connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'").fetchall()}  # fmt: skip
            keys = {
                name: key for name, key in grains(self.manifest, ["staging", "intermediate"]).items() if name in there
            }
            assert {"staging.stg_posts", "intermediate.int_posts"} <= keys.keys()
            compared = [
                compare(
                    connection,
                    name,
                    f"warehouse.{name}",
                    f"read_parquet('{tables}/{name.replace('.', '.db/')}/**/*.parquet')",
                    key,
                )
                for name, key in keys.items()
            ]
        assert [one.table for one in compared if not one.is_equal] == []


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    folder = tmp_path_factory.mktemp("duckdb")
    build = run_dbt(folder, "build", *PART, quick=False)
    assert build.exit_code == 0, build.log
    return Expected(build.warehouse, folder / "target" / "manifest.json", build.landing)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def started(cluster: Cluster, folder: Path, landing: Path) -> subprocess.Popen[str]:
    """Start the part on the cluster, and come back when its longest statement has a task running."""
    (folder / "logs").mkdir()
    env = {"SPARK_REMOTE": cluster.remote, "TRIBU_LANDING": str(landing)}
    build = dbt(folder, env, "build", "--target", "spark_connect", "--full-refresh", *PART)
    log = folder / "logs" / "dbt.log"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and build.poll() is None:
        if log.exists() and f"START sql table model {LONGEST}" in log.read_text(encoding="utf-8") and working(cluster):
            return build
        time.sleep(0.2)
    told = build.communicate(timeout=1)[0] if build.poll() is not None else "nothing"
    raise AssertionError(f"{LONGEST} was never seen at work: {told}")


def working(cluster: Cluster) -> list[str]:
    """Workers whose executor has a task at this moment."""
    logs = " ".join(one["executorLogs"]["stdout"] for one in cluster.executors() if one["activeTasks"])
    return [name for name, (port, _) in cluster.commands.items() if name.startswith("worker") and f":{port}/" in logs]


def test_a_worker_that_is_killed_is_done_without(cluster: Cluster, expected: Expected, tmp_path: Path) -> None:
    build = started(cluster, tmp_path, expected.landing)
    lost = (working(cluster) or ["worker_1"])[0]
    cluster.end(lost, signal.SIGKILL)
    before = {one["id"]: one["completedTasks"] for one in cluster.executors()}
    try:
        told = build.communicate(timeout=PATIENCE)[0]
        assert build.returncode == 0, told
        executors = cluster.executors()
        assert [one["isActive"] for one in executors].count(False) == 1
        (left,) = [one for one in executors if one["isActive"]]
        assert left["completedTasks"] > before[left["id"]]
        expected.assert_same(cluster.folder / "warehouse")
    finally:
        cluster.start_again(lost)


def test_a_build_without_any_worker_says_so_and_goes_on_when_they_are_back(
    cluster: Cluster, expected: Expected, tmp_path: Path
) -> None:
    workers = [name for name in cluster.commands if name.startswith("worker")]
    build = started(cluster, tmp_path, expected.landing)
    for name in workers:
        cluster.end(name, signal.SIGKILL)
    log = tmp_path / "logs" / "dbt.log"
    words = f"expected a task of this build to run on {cluster.remote}; got none for"
    try:
        end = time.monotonic() + PATIENCE
        while words not in log.read_text(encoding="utf-8") and build.poll() is None and time.monotonic() < end:
            time.sleep(1)
        assert words in log.read_text(encoding="utf-8")
    finally:
        for name in workers:
            cluster.start_again(name)
    told = build.communicate(timeout=PATIENCE)[0]
    assert build.returncode == 0, told
    assert "remedy: start its workers again or wait for the others" in told
    expected.assert_same(cluster.folder / "warehouse")


def test_a_server_started_anew_is_told_and_retry_goes_on(cluster: Cluster, expected: Expected, tmp_path: Path) -> None:
    build = started(cluster, tmp_path, expected.landing)
    cluster.end("connect", signal.SIGKILL)
    cluster.start_again("connect")
    told = build.communicate(timeout=PATIENCE)[0]
    assert build.returncode != 0
    assert "expected the Spark Connect server to stay" in told
    assert "`dbt retry`" in told
    env = {"SPARK_REMOTE": cluster.remote, "TRIBU_LANDING": str(expected.landing)}
    again = dbt(tmp_path, env, "retry")
    told = again.communicate(timeout=PATIENCE)[0]
    assert again.returncode == 0, told
    assert "OK created sql table model intermediate.int_posts" in told
    assert "OK loaded seed file reference.country_names" not in told
    expected.assert_same(cluster.folder / "warehouse")
