"""The adapter for Spark: what it writes, what it says when something is missing, and Python models on a live session."""

from __future__ import annotations

import datetime as dt
import socket
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.engines import SPARK_MISSING

if SPARK_MISSING:
    pytest.skip(SPARK_MISSING, allow_module_level=True)

from dbt_common.exceptions import DbtRuntimeError

import dbt.adapters.sparksession as plugin
from dbt.adapters.sparksession import session as sessions
from dbt.adapters.sparksession.connections import (
    SessionHandle,
    SessionWrapper,
    SparkSessionCredentials,
    literal,
)
from dbt.adapters.sparksession.failures import explained
from dbt.adapters.sparksession.python_models import SessionPythonJob, SparkTable, in_utc


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (9007199254740993, "9007199254740993"),
        (Decimal("1.50"), "1.50"),
        ("Côte d'Ivoire", "'Côte d''Ivoire'"),
        ("a\\b", "'a\\\\b'"),
        (dt.date(2026, 1, 31), "date '2026-01-31'"),
        (dt.datetime(2026, 1, 31, 10, 5), "timestamp '2026-01-31 10:05:00'"),
    ],
)
def test_literals(value: object, written: str) -> None:
    assert literal(value) == written
    assert SessionWrapper._fix_binding(value) == written


def test_plugin_is_what_dbt_looks_for() -> None:
    # dbt takes the module's name for the type, and dbt-spark's macros by the dependency
    assert plugin.Plugin.adapter.type() == "sparksession"
    assert plugin.Plugin.dependencies == ["spark"]
    assert (Path(plugin.Plugin.include_path) / "dbt_project.yml").exists()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("[INVALID_HANDLE.SESSION_NOT_FOUND] The handle is invalid", "dbt retry"),
        ("StatusCode.UNAVAILABLE failed to connect to all addresses", "dbt retry"),
        ("java.lang.OutOfMemoryError: Java heap space", "SPARK_DRIVER_MEMORY"),
        ("System memory 268435456 must be at least 471859200", "SPARK_DRIVER_MEMORY"),
        ("Py4JNetworkError: Answer from Java side is empty", "SPARK_DRIVER_MEMORY"),
        ("Job aborted: ExecutorLostFailure (executor 1 exited)", "start its workers again"),
    ],
)
def test_failures_come_with_a_remedy(told: str, expected: str) -> None:
    message = str(explained(RuntimeError(told)))
    assert expected in message
    assert told in message


def test_other_errors_stay_as_spark_words_them() -> None:
    assert "remedy" not in str(explained(RuntimeError("[UNRESOLVED_COLUMN] no such column")))


def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(
        DbtRuntimeError, match=r"expected Java 17 or later; got none in JAVA_HOME .*; remedy: install Java 17"
    ):
        sessions._check_java()


def test_old_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\necho '    java.specification.version = 1.8' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(DbtRuntimeError, match=r"got Java 1\.8"):
        sessions._check_java()


@pytest.mark.parametrize(
    ("address", "what"), [("sc", "a Spark Connect server"), ("spark", "the master of a Spark cluster")]
)
def test_nobody_answers(address: str, what: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(
        DbtRuntimeError, match=rf"expected {what} at 127\.0\.0\.1:{port}; got no answer .*; remedy: start it"
    ):
        sessions._open(f"{address}://127.0.0.1:{port}", {})


class Frame:
    """Stands for a data frame of Spark, whose Arrow tables have moments with a zone."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def toArrow(self) -> pa.Table:  # noqa: N802  Spark's name
        return self._table


def test_moments_are_as_on_duckdb_and_come_back() -> None:
    bare = pa.table({"at": pa.array([dt.datetime(2026, 1, 1, 10)], pa.timestamp("us")), "n": pa.array([1], pa.int64())})
    assert in_utc(bare).schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert SparkTable(Frame(in_utc(bare))).to_arrow_table().equals(bare)


MODEL = """
def model(dbt, session):
    table = dbt.ref("numbers").to_arrow_table()
    return table.append_column("twice", __import__("pyarrow.compute", fromlist=["multiply"]).multiply(table["n"], 2))

class dbtObj:
    def __init__(self, load):
        self.ref = lambda name: load(f"python_models.{name}")
"""


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> SparkSessionCredentials:
    folder = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={folder}/metastore;create=true",
        "spark.driver.extraJavaOptions": f"-Dderby.stream.error.file={folder}/derby.log",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
    }
    given: dict[str, Any] = {
        "host": "local[1]",
        "schema": "default",
        "method": "session",
        "server_side_parameters": settings,
    }
    return SparkSessionCredentials(**given)


def test_a_token_in_the_address_of_a_server_is_not_printed() -> None:
    address = "sc://host.example:443/;token=marked-0815;x-databricks-cluster-id=7"
    shown = dict(SparkSessionCredentials(database=None, schema="default", host=address).connection_info())
    assert shown["host"] == "sc://host.example:443"
    assert "marked-0815" not in str(shown)


def test_python_model_runs_and_is_written(credentials: SparkSessionCredentials) -> None:
    spark = sessions.current_session(str(credentials.host), credentials.server_side_parameters)
    spark.sql("create schema python_models")
    spark.sql("create table python_models.numbers as select * from values (1L), (2L) as numbers (n)")
    node = {"schema": "python_models", "alias": "doubled", "original_file_path": "doubled.py", "config": {}}
    assert SessionPythonJob(node, credentials).submit(MODEL) == 2
    assert spark.table("python_models.doubled").orderBy("n").toArrow().to_pylist() == [
        {"n": 1, "twice": 2},
        {"n": 2, "twice": 4},
    ]


def test_python_model_that_gives_no_table_is_told_so(credentials: SparkSessionCredentials) -> None:
    node = {"schema": "python_models", "alias": "nothing", "original_file_path": "nothing.py", "config": {}}
    with pytest.raises(DbtRuntimeError, match=r"expected a pyarrow\.Table from python_models\.nothing; got NoneType"):
        SessionPythonJob(node, credentials).submit(MODEL.replace("return table", "table"))


def left_behind(spark: Any, table: str, file: str) -> Path:
    """Put a file where a table would be that the catalogue does not know, as a build does that is killed."""
    folder = Path(spark.conf.get("spark.sql.warehouse.dir").removeprefix("file:")) / "unfinished.db" / table
    (folder / file).parent.mkdir(parents=True)
    (folder / file).write_text("half", encoding="utf-8")
    return folder


def test_what_a_killed_build_left_is_taken_away(credentials: SparkSessionCredentials) -> None:
    spark = sessions.current_session(str(credentials.host), credentials.server_side_parameters)
    spark.sql("create schema if not exists unfinished")
    left_behind(spark, "numbers", "_temporary/0/_temporary/attempt_1/part-00000.parquet")
    with pytest.raises(Exception, match="LOCATION_ALREADY_EXISTS"):
        spark.sql("create table unfinished.numbers using parquet as select 1 as n")
    SessionHandle(credentials).cursor().execute("create table unfinished.numbers using parquet as select 1 as n")
    assert spark.table("unfinished.numbers").count() == 1


def test_finished_files_are_left_alone(credentials: SparkSessionCredentials) -> None:
    spark = sessions.current_session(str(credentials.host), credentials.server_side_parameters)
    spark.sql("create schema if not exists unfinished")
    folder = left_behind(spark, "kept", "part-00000.parquet")
    with pytest.raises(DbtRuntimeError, match=r"remedy: if no other catalogue has a table there, delete the folder"):
        SessionHandle(credentials).cursor().execute("create table unfinished.kept using parquet as select 1 as n")
    assert (folder / "part-00000.parquet").exists()
