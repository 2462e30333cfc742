"""A project on a disk that is full or may only be read: a file system in memory, in a mount namespace of its own.

Run as a script within that namespace it mounts, copies, runs the commands and copies back what they left.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOM = "4g"


@dataclass(frozen=True)
class Outcome:
    """A command: how it ended on the bad disk, and how once the disk was good again."""

    exit_code: int
    told: str
    exit_code_after: int
    told_after: str


def run_on_bad_disk(
    folder: Path, command: Sequence[str], env: dict[str, str], *, free_bytes: int | None, cwd: Path
) -> Outcome:
    """Run a command with all of ``folder`` on a disk with ``free_bytes`` left, or with None one that is read-only.

    Afterwards the disk has room and may be written, the command runs again, and ``folder`` is as it left it; what the
    bad disk held is in ``folder`` with the suffix ``.bad``.
    """
    if reason := _cannot_mount():
        pytest.skip(reason)
    done = subprocess.run(
        [*_NAMESPACE, sys.executable, __file__, str(folder), str(free_bytes), json.dumps(list(command))],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


_NAMESPACE = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")


def _cannot_mount() -> str | None:
    if shutil.which("unshare") is None:
        return "no mount namespaces on this system: a full disk cannot be had"
    probe = [*_NAMESPACE, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
    tried = subprocess.run(probe, capture_output=True, text=True, check=False)
    return f"no file system may be mounted here: {tried.stderr.strip()}" if tried.returncode else None


def _main(folder: Path, free: str, command: list[str]) -> None:
    aside = folder.with_name(f"{folder.name}.bad")
    shutil.copytree(folder, aside, symlinks=True)
    _mount("-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(folder))
    shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
    used = shutil.disk_usage(folder).used
    _mount("-o", "remount,ro" if free == "None" else f"remount,size={used + int(free)}", str(folder))
    bad = _run(command)
    shutil.rmtree(aside)
    shutil.copytree(folder, aside, symlinks=True)
    _mount("-o", f"remount,rw,size={_ROOM}", str(folder))
    good = _run(command)
    after = aside.with_suffix(".after")
    shutil.copytree(folder, after, symlinks=True)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    shutil.rmtree(folder)
    after.rename(folder)
    told = {"exit_code": bad[0], "told": bad[1], "exit_code_after": good[0], "told_after": good[1]}
    sys.stdout.write(json.dumps(told) + "\n")


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, stdout=subprocess.DEVNULL)


def _run(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
