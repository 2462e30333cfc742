"""A cluster of Spark on this machine: one master, two workers and a Connect server, each a process, on the loopback.

Started from the pip package. What a cluster of several machines does differently (a network, a shared store) is not
tried.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

HOST = "127.0.0.1"
WORKERS = 2
#: Seconds for a process to open its port; a JVM takes five on a machine with nothing else to do.
START_SECONDS = 120


@dataclass
class Cluster:
    """A running cluster, and the processes it is made of."""

    folder: Path
    remote: str
    ui_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    #: What each process was started with: its port, its command and its memory.
    commands: dict[str, tuple[int, Sequence[str], str]] = field(default_factory=dict)

    def start(self, name: str, port: int, command: Sequence[str], memory: str = "512m") -> None:
        """Start a process and wait until it listens."""
        self.commands[name] = port, command, memory
        log = self.folder / f"{name}.log"
        # spark-submit takes the memory of a Connect server from here, too, over its own spark.driver.memory.
        env = {**os.environ, "SPARK_HOME": str(spark_home()), "SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": memory}
        with log.open("ab") as talk:
            process = subprocess.Popen(  # noqa: S603
                command, env=env, stdout=talk, stderr=talk, cwd=self.folder, start_new_session=True
            )
        self.processes[name] = process
        _await_port(port, process, log)

    def end(self, name: str, by: signal.Signals = signal.SIGTERM) -> None:
        """End a process and what it started: executors of a worker, Java of a shell script."""
        process = self.processes[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, by)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)

    def start_again(self, name: str) -> None:
        """Start a process that was ended as it was started before, at the same port."""
        self.start(name, *self.commands[name])

    def executors(self) -> list[dict[str, Any]]:
        """What the Connect server says of its executors, those that are gone included."""
        base = f"http://{HOST}:{self.ui_port}/api/v1/applications"
        (application,) = _read(base)
        return [one for one in _read(f"{base}/{application['id']}/allexecutors") if one["id"] != "driver"]

    def tasks_by_executor(self) -> dict[str, int]:
        """Count the tasks that each executor has finished."""
        return {str(one["id"]): int(one["completedTasks"]) for one in self.executors()}


def spark_home() -> Path:
    """Where the pip package keeps the programs of Spark."""
    import pyspark

    return Path(pyspark.__file__).parent


def _read(url: str) -> list[dict[str, Any]]:
    with urlopen(url, timeout=30) as answer:  # noqa: S310  the loopback
        found: list[dict[str, Any]] = json.load(answer)
    return found


def free_ports(number: int) -> list[int]:
    """Find ports that nobody listens on."""
    doors = [socket.create_server((HOST, 0)) for _ in range(number)]
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return ports


def _await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with suppress(OSError):
            socket.create_connection((HOST, port), timeout=1).close()
            return
        time.sleep(0.5)
    raise RuntimeError(
        f"expected a process of Spark on port {port} within {START_SECONDS} s; got none; remedy: read {log}\n"
        + log.read_text(encoding="utf-8", errors="replace")[-2000:]
    )


@contextmanager
def running_cluster(folder: Path, *, worker_memory: str = "1g", server_memory: str = "2g") -> Iterator[Cluster]:
    """Start a cluster, and stop it at the end.

    Parameters
    ----------
    folder
        Where logs, the work of the executors, the metastore and the warehouse go; all processes see it.
    worker_memory, server_memory
        Memory of each executor and of the Connect server, as Spark writes it.
    """
    master_port, master_ui, server_port, server_ui, *worker_uis = free_ports(4 + WORKERS)
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder, remote=f"sc://{HOST}:{server_port}", ui_port=server_ui)
    home = spark_home()
    spark_class = str(home / "bin" / "spark-class")
    master = f"spark://{HOST}:{master_port}"
    try:
        cluster.start("master", master_port, [
            spark_class, "org.apache.spark.deploy.master.Master",
            "--host", HOST, "--port", str(master_port), "--webui-port", str(master_ui),
        ])  # fmt: skip
        for number, port in enumerate(worker_uis, start=1):
            cluster.start(f"worker_{number}", port, [
                spark_class, "org.apache.spark.deploy.worker.Worker", master,
                "--host", HOST, "--cores", "1", "--memory", worker_memory, "--webui-port", str(port),
                "--work-dir", str(folder / f"worker_{number}"),
            ])  # fmt: skip
        settings = {
            "spark.connect.grpc.binding.address": HOST,
            "spark.connect.grpc.binding.port": str(server_port),
            "spark.driver.host": HOST,
            "spark.driver.bindAddress": HOST,
            "spark.driver.extraJavaOptions": (
                f"-XX:+ExitOnOutOfMemoryError -Dderby.stream.error.file={folder}/derby.log"
            ),
            "spark.executor.memory": worker_memory,
            "spark.ui.port": str(server_ui),
            # of a thousand, which is Spark's own choice, nobody looks at the page
            "spark.sql.ui.retainedExecutions": "20",
            "spark.sql.catalogImplementation": "hive",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={folder}/metastore;create=true",
        }
        cluster.start("connect", server_port, [
            str(home / "bin" / "spark-submit"), "--master", master,
            *[part for name, value in settings.items() for part in ("--conf", f"{name}={value}")],
            "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal",
        ], memory=server_memory)  # fmt: skip
        yield cluster
    finally:
        for name in reversed(cluster.processes):
            cluster.end(name)
