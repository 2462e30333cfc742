"""Waiting for whoever writes: until they are done, or as long as was said, and never for the dead."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tribu.errors import ProjectError, WarehouseError
from tribu.lock import described, exclusive_file, waiting_time

HOLDER = """
import sys, time
from pathlib import Path
from tribu.errors import TribuError
from tribu.lock import exclusive_file
sys.argv = ["/opt/bin/tribu", "import", "--platform", "secret"]
with exclusive_file(Path(sys.stdin.readline().strip()), of="it", error=TribuError):
    print("held", flush=True)
    time.sleep(float(sys.stdin.readline()))
"""


@contextmanager
def holder(path: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock for some seconds."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{path}\n{seconds}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_who_comes_second_waits_and_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / ".lock"
    with (
        holder(path, 1) as first,
        exclusive_file(path, of="the warehouse", error=WarehouseError, wait=30, say=said.append),
    ):
        assert first.wait(10) == 0
    assert said == [said[0]]
    assert said[0].startswith(f"waiting up to 30 s for the warehouse, held by process {first.pid} on ")
    assert not path.exists()


def test_who_waited_long_enough_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with holder(path, 60) as first:
        begun = time.monotonic()
        with pytest.raises(WarehouseError) as caught, exclusive_file(path, of="it", error=WarehouseError, wait=1):
            pass
        assert 1 <= time.monotonic() - begun < 10
    assert f"process {first.pid} on " in caught.value.got
    assert "(tribu import) since 20" in caught.value.got
    assert "secret" not in str(caught.value)
    assert f"kill {first.pid}" in caught.value.remedy


def test_the_lock_of_the_dead_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with holder(path, 60) as first:
        first.kill()
        first.wait()
    assert str(first.pid) in path.read_text(encoding="utf-8")
    with exclusive_file(path, of="it", error=WarehouseError, wait=0):
        assert f"process {os.getpid()} on " in path.read_text(encoding="utf-8")
    assert not path.exists()


def test_one_process_may_hold_a_lock_twice(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with exclusive_file(path, of="it", error=WarehouseError, wait=0):
        with exclusive_file(path, of="it", error=WarehouseError, wait=0):
            assert path.exists()
        assert path.exists()
    assert not path.exists()


@pytest.mark.parametrize(("asked", "seconds"), [("", 60), ("0", 0), ("2.5", 2.5)])
def test_the_environment_says_how_long_to_wait(asked: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBU_LOCK_WAIT", asked)
    assert waiting_time() == seconds


@pytest.mark.parametrize("asked", ["long", "-1", "inf", "nan"])
def test_what_is_no_time_is_refused(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBU_LOCK_WAIT", asked)
    with pytest.raises(ProjectError, match="TRIBU_LOCK_WAIT"):
        waiting_time()


def test_a_process_is_described_by_what_it_runs() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as other:
        said = described(other.pid)
        other.kill()
    assert said.startswith(f"process {other.pid} (")
    assert " since 20" in said
    assert described(2**22 + 1) == f"process {2**22 + 1}"
