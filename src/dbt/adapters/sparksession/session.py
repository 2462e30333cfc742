"""The one Spark session of a build, and what to say when there is none to be had."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.failures import explained, failure
from dbt.adapters.sparksession.waiting import WaitingWork

#: Java that Spark 4.1 asks for.
JAVA_VERSION = 17
#: Seconds for a server to answer the door, and for a cluster to hand out a first core. An application that gets none
#: waits for ever, and says so only in a log of the JVM.
CONNECT_SECONDS = 10
EXECUTOR_SECONDS = 60
#: How often a client asks a Connect server that does not answer, and the longest pause in between, in milliseconds:
#: a minute and a half in all, in which a server can start anew. Spark's own choice is ten minutes, without a word.
CONNECT_RETRIES = 10
CONNECT_PAUSE = 15_000

_lock = threading.Lock()
_session: Any = None


def is_remote(master: str) -> bool:
    """Whether an address is that of a Spark Connect server, whose client needs no Java."""
    return master.startswith("sc://")


def without_parameters(address: str) -> str:
    """Give an address as it may be printed: what follows ``/;`` in that of a Connect server may be a token."""
    return address.partition("/;")[0]


def current_session(master: str, settings: Mapping[str, Any]) -> Any:
    """Give the session of this process, made at the first call.

    Parameters
    ----------
    master
        ``local[N]``, ``spark://host:port`` or, of a Connect server, ``sc://host:port``.
    settings
        Configuration of Spark. Of a Connect server only what may change at run time takes hold; the rest is its own.

    Raises
    ------
    DbtRuntimeError
        Without Java, without a server at the address, and where the cluster gives no core; each with its remedy.
    """
    global _session  # noqa: PLW0603  one JVM, one session: threads of dbt share it
    with _lock:
        if _session is None:
            try:
                _session = _open(master, settings)
            except DbtRuntimeError:
                raise
            except Exception as error:
                raise explained(error) from error
        return _session


def forget_session() -> None:
    """Let the next statement open a session of its own: the server no longer knows this one."""
    global _session  # noqa: PLW0603
    with _lock:
        _session = None


def _open(master: str, settings: Mapping[str, Any]) -> Any:
    if is_remote(master):
        _check_door(master, 15002, "a Spark Connect server", "start it, or set SPARK_REMOTE to where it is")
        return _connect(master, settings)
    _check_java()
    if master.startswith("local"):
        # else Spark looks the machine's name up, and warns of what it finds
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    if master.startswith("spark://"):
        _check_door(master, 7077, "the master of a Spark cluster", "start it, or set SPARK_MASTER to where it is")
    # pyspark writes each failed statement to stderr with its Java stack; dbt tells the same once
    logging.getLogger("SQLQueryContextLogger").disabled = True
    from pyspark.sql import SparkSession

    # Derby writes its log beside the warehouse, and asks for the folder before Spark makes it
    warehouse = str(settings.get("spark.sql.warehouse.dir", ""))
    if "://" not in warehouse:
        Path(warehouse).parent.mkdir(parents=True, exist_ok=True)

    builder = SparkSession.builder.master(master).appName("tribu").enableHiveSupport()
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    if master.startswith("spark://"):
        _await_executor(session, master)
        WaitingWork(master).watch(session.sparkContext._jsc.sc().statusTracker())
    return session


def _connect(remote: str, settings: Mapping[str, Any]) -> Any:
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(remote).create()
    session.client.set_retry_policies([DefaultPolicy(max_retries=CONNECT_RETRIES, max_backoff=CONNECT_PAUSE)])
    # at its exit the client empties a cache that nothing here fills, and asks a server that has gone for ten minutes
    atexit.unregister(session.client._cleanup_ml_cache)
    session.registerProgressHandler(WaitingWork(without_parameters(remote)).on_progress)
    for name, value in settings.items():
        if session.conf.isModifiable(name):
            session.conf.set(name, value)
    return session


def files_at(session: Any, pattern: str) -> bool:
    """Whether there is a file at a path, on whatever store Spark reads: a query over none is an error of Spark.

    Parameters
    ----------
    session
        The session of the build.
    pattern
        A path, perhaps with ``*``; of a folder every file below it counts, but for hidden ones (``_temporary``).
    """
    files = session.read.format("binaryFile").option("recursiveFileLookup", "true")
    try:
        return bool(files.load(pattern).select("path").limit(1).count())
    except Exception as error:
        if "PATH_NOT_FOUND" in str(error):
            return False
        raise


def write_again(session: Any, write: Callable[[], Any]) -> Any:
    """Write a table; where a build that was killed left the beginning of it, take that away and write once more.

    Spark refuses to create a table whose folder holds anything, and a statement without an end leaves ``_temporary``
    there. A folder with finished files is left alone: they may be the table of another catalogue.

    Raises
    ------
    DbtRuntimeError
        When the folder holds finished files, with what to do.
    """
    try:
        return write()
    except Exception as error:
        if "LOCATION_ALREADY_EXISTS" not in str(error):
            raise
        place = error.getMessageParameters()["location"].strip("'")  # type: ignore[attr-defined]
        if files_at(session, place):
            raise failure(
                f"no files in {place}, for the catalogue has no such table",
                "files that a build wrote and did not live to enter, or of another catalogue",
                "if no other catalogue has a table there, delete the folder; then `dbt retry`",
            ) from error
        # A Connect client has no file system. An overwrite empties the folder first, and then has nothing to write:
        # a table in partitions has no file without rows.
        empty = session.createDataFrame([], "value int, part int").write.mode("overwrite").partitionBy("part")
        empty.option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").parquet(place)
        return write()


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    wanted = f"Java {JAVA_VERSION} or later"
    remedy = (
        f"install Java {JAVA_VERSION} or later and set JAVA_HOME to it, or let a server do the work "
        "(--target spark_connect needs none)"
    )
    if java is None:
        raise failure(wanted, f"none in JAVA_HOME ({home})" if home else "none on the path", remedy)
    # Every JVM writes `java.specification.version = 17` here; the first line of -version differs from maker to maker.
    settings = [java, "-XshowSettings:properties", "-version"]
    told = subprocess.run(settings, capture_output=True, text=True, check=False)  # noqa: S603
    for line in told.stderr.splitlines():
        name, _, value = (part.strip() for part in line.partition("="))
        if name == "java.specification.version":
            if int(value.removeprefix("1.").split(".")[0]) < JAVA_VERSION:
                raise failure(wanted, f"Java {value} ({java})", remedy)
            return
    raise failure(wanted, f"a program that is none ({java})", remedy)


def _check_door(url: str, default_port: int, what: str, remedy: str) -> None:
    place = urlsplit(url)
    host, port = place.hostname or "localhost", place.port or default_port
    try:
        socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        raise failure(f"{what} at {host}:{port}", f"no answer ({error})", remedy) from error


def _await_executor(session: Any, master: str) -> None:
    tracker = session.sparkContext._jsc.sc().statusTracker()
    end = time.monotonic() + EXECUTOR_SECONDS
    # the driver counts as one
    while len(tracker.getExecutorInfos()) < 2:
        if time.monotonic() > end:
            session.stop()
            raise failure(
                f"a core of the cluster {master} within {EXECUTOR_SECONDS} s",
                "none: no worker is there, none has the memory asked for, or another application holds all cores",
                "look at the master's page (port 8080); an idle Connect server holds every core until it is stopped, "
                "or started with spark.cores.max",
            )
        time.sleep(0.5)
