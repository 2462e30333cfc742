"""The servers of a real network, started and ended: on loopback, in a folder of their own, and never longer than the tests."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real_network.software import Bluesky, Server, UnavailableError, postgres, redis

# Seconds for a server to listen, and for the network to index what was written, on cores that have other work.
PATIENCE = 180


@dataclass
class Network:
    """A network that runs: its addresses, and a way to wait for it."""

    pds: str
    appview: str
    _process: subprocess.Popen[str]

    def settle(self) -> None:
        """Wait until everything that was written can be seen by the AppView."""
        assert self._process.stdin is not None
        self._process.stdin.write("settle\n")
        self._process.stdin.flush()
        assert _line(self._process) == {"settled": True}


@contextmanager
def running_network(software: Bluesky) -> Iterator[Network]:
    """Start PostgreSQL, Redis and the network; end them, and remove what they wrote, whatever happens in between.

    Raises
    ------
    UnavailableError
        When a part cannot be had.
    """
    # Not in pytest's folder: nobody else may enter that, and PostgreSQL refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="tribu-network-"))
    try:
        folder.chmod(0o755)
        with ExitStack() as stack:
            database = stack.enter_context(_postgres(postgres(folder), folder / "postgres"))
            cache = stack.enter_context(_redis(redis(folder), folder / "redis"))
            yield stack.enter_context(_network(software, folder / "network", database, cache))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(
    command: list[str], log: Path, env: dict[str, str], *, user: list[str] | None = None, talks: bool = False
) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE if talks else subprocess.DEVNULL
    with log.open("w", encoding="utf-8") as out:
        # Whatever kills the tests ends it too.
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *(user or []), *command],
            cwd=log.parent,
            env=env,
            stdin=pipe,
            stdout=pipe if talks else out,
            stderr=out,
            text=True,
        )
        try:
            yield process
        finally:
            if process.stdin is not None:
                process.stdin.close()
            else:
                process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _wait_for(process: subprocess.Popen[str], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens at {port}: {log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _line(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    text = process.stdout.readline()
    assert text, "the network has ended"
    said: dict[str, object] = json.loads(text)
    return said


@contextmanager
def _postgres(server: Server, folder: Path) -> Iterator[str]:
    if shutil.which("setpriv") is None:
        raise UnavailableError("setpriv: there is none on the path (it is part of util-linux)")
    folder.mkdir()
    password = secrets.token_hex(16)
    (folder / "password").write_text(password, encoding="utf-8")
    user: list[str] = []
    if os.geteuid() == 0:
        user = ["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
        for path in (folder, folder / "password"):
            shutil.chown(path, "nobody", "nogroup")
    made = subprocess.run(
        [
            *(["setpriv", *user] if user else []),
            *(str(server.program.with_name("initdb")), "--pgdata", "data", "--username", "tribu", "--no-sync"),
            *("--auth", "scram-sha-256", "--pwfile", "password", "--encoding", "UTF8", "--no-locale"),
        ],
        cwd=folder,
        env=server.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    port, log = _free_port(), folder / "log"
    settings = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]
    command = [str(server.program), "-D", "data", *(word for one in settings for word in ("-c", one))]
    with _started(command, log, server.env, user=user) as process:
        _wait_for(process, port, log)
        yield f"postgres://tribu:{password}@127.0.0.1:{port}/postgres"


@contextmanager
def _redis(server: Server, folder: Path) -> Iterator[str]:
    folder.mkdir()
    port, log = _free_port(), folder / "log"
    command = [str(server.program), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    with _started(command, log, server.env) as process:
        _wait_for(process, port, log)
        yield f"127.0.0.1:{port}"


@contextmanager
def _network(software: Bluesky, folder: Path, database: str, cache: str) -> Iterator[Network]:
    folder.mkdir()
    env = {
        **os.environ,
        "TMPDIR": str(folder),
        "DB_POSTGRES_URL": database,
        "REDIS_HOST": cache,
        "NODE_ENV": "test",
        "LOG_ENABLED": "false",
    }
    log = folder / "log"
    with _started([str(software.node), str(software.script)], log, env, talks=True) as process:
        try:
            addresses = _line(process)
        except AssertionError as error:
            raise AssertionError(f"{error}: {log.read_text(encoding='utf-8')[-4000:]}") from None
        yield Network(str(addresses["pds"]), str(addresses["appview"]), process)
