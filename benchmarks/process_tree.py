"""The most memory that a command and all that it started held at once, read from ``/proc`` (Linux)."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_KIB = 1024
_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Finished:
    """How a command ended, and its peak of resident memory, children included, in bytes."""

    exit_code: int
    output: str
    peak_bytes: int


def run_watched(command: Sequence[str], *, folder: Path, env: Mapping[str, str]) -> Finished:
    """Run a command to its end, looking at its process tree twice a second."""
    process = subprocess.Popen(  # noqa: S603
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    ended = threading.Event()
    peak = 0

    def look() -> None:
        nonlocal peak
        while not ended.wait(_EVERY_SECONDS):
            peak = max(peak, tree_bytes(process.pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    output, _ = process.communicate()
    ended.set()
    watcher.join()
    return Finished(process.returncode, output, peak)


def tree_bytes(root: int) -> int:
    """Resident memory of a process and its descendants; pages that they share are counted in each."""
    parents: dict[int, int] = {}
    resident: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = place.read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        process = int(fields["Pid"])
        parents[process] = int(fields["PPid"])
        resident[process] = int(fields.get("VmRSS", "0 kB").split()[0]) * _KIB
    total = 0
    for process, held in resident.items():
        one: int | None = process
        while one and one != root:
            one = parents.get(one)
        total += held if one == root else 0
    return total
