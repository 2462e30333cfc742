"""One writer at a time: a lock file that exists only while it is held, and says who holds it.

The operating system releases the lock when its holder dies, so what a killed process leaves stops nobody.
"""

from __future__ import annotations

import fcntl
import math
import os
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tribu.errors import LandingError, ProjectError, TribuError

LOCK: Final = ".lock"
"""Name of the lock file within a folder that is locked."""

WAIT: Final = "TRIBU_LOCK_WAIT"
"""Environment variable: seconds that a command waits for another one, 0 and up."""

DEFAULT_WAIT: Final = 60.0
"""Seconds. An import or a report ends within them; of a build, one that takes longer had better be told."""

_PAUSE: Final = 0.2

# Files that this process holds: a second handle of its own would wait for the first.
_HELD: Final[set[Path]] = set()


def waiting_time() -> float:
    """Seconds to wait for whoever holds a lock.

    Raises
    ------
    ProjectError
        When ``TRIBU_LOCK_WAIT`` is no number of seconds.
    """
    asked = os.environ.get(WAIT, "").strip()
    try:
        seconds = float(asked) if asked else DEFAULT_WAIT
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ProjectError(
            expected=f"seconds to wait, 0 and up, in {WAIT}", got=repr(asked), remedy=f"unset {WAIT}, or set it to 60"
        )
    return seconds


def tell(message: str) -> None:
    """Remark on standard error that somebody else is being waited for."""
    sys.stderr.write(f"tribu: {message}\n")
    sys.stderr.flush()


def waited(seconds: float) -> str:
    """How long was waited, for the end of a message."""
    return f", still after {seconds:g} s" if seconds else ""


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold ``folder`` alone; waits `waiting_time` for whoever holds it.

    Raises
    ------
    LandingError
        When another process holds it all that time.
    """
    with exclusive_file(folder / LOCK, of=str(folder), error=LandingError):
        yield


@contextmanager
def exclusive_file(
    path: Path, *, of: str, error: type[TribuError], wait: float | None = None, say: Callable[[str], None] = tell
) -> Iterator[bool]:
    """Hold the lock file ``path`` alone; within one process it may be held again, which it yields as False.

    Parameters
    ----------
    path
        The lock file; its folder exists. It is removed when the block ends.
    of
        What the lock guards, for messages.
    error
        Class of the error.
    wait
        Seconds to wait for another holder; by default `waiting_time`.
    say
        Called once with a line when there is somebody to wait for.

    Raises
    ------
    TribuError
        Of class ``error``, when another process holds it all that time.
    """
    path = path.absolute()
    if path in _HELD:
        yield False
        return
    handle = _acquire(path, of, error, waiting_time() if wait is None else wait, say)
    _HELD.add(path)
    try:
        os.ftruncate(handle, 0)
        # On a full disk the lock still holds; it only cannot say whose it is.
        with suppress(OSError):
            os.write(handle, _signature().encode())
        yield True
    finally:
        _HELD.discard(path)
        path.unlink(missing_ok=True)
        os.close(handle)


def _acquire(path: Path, of: str, error: type[TribuError], wait: float, say: Callable[[str], None]) -> int:
    deadline, has_said = time.monotonic() + wait, False
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as refusal:
            raise error(
                expected=f"{path.parent}, where a lock file shows who writes {of}, open to writing",
                got=refusal.strerror or str(refusal),
                remedy="give write access to that folder, or choose another place",
            ) from refusal
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 400).decode(errors="replace").strip() or "a process that has just started"
            os.close(handle)
            if time.monotonic() >= deadline:
                raise refused(of, holder, error, wait) from None
            if not has_said:
                say(f"waiting up to {wait:g} s for {of}, held by {holder}")
                has_said = True
            time.sleep(_PAUSE)
            continue
        # The holder removes the file when it is done: what was locked here may already have no name.
        try:
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)


def refused(of: str, holder: str, error: type[TribuError], wait: float) -> TribuError:
    """Say who is in the way and what can be done; ``holder`` as `described` gives it."""
    process = re.search(r"process (\d+)", holder)
    end = f"end it (kill {process[1]})" if process else "end it"
    return error(
        expected=f"to be alone in writing {of}",
        got=f"{holder} at work{waited(wait)}",
        remedy=f"wait until it has finished or {end}, and try again; {WAIT} says how many seconds to wait",
    )


def _signature() -> str:
    return (
        f"process {os.getpid()} on {socket.gethostname()} ({own_command()})"
        f" since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    )


def own_command() -> str:
    """Name the command of this process without its options: those may name people."""
    return _command(sys.argv)


def described(pid: int) -> str:
    """Say what is known of a process of this machine: its number, and where the system tells, its command and start."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        started = datetime.fromtimestamp(Path(f"/proc/{pid}").stat().st_mtime, UTC)
    except OSError:
        return f"process {pid}"
    # `/usr/bin/python /path/dbt build`: what is run is the second word
    named = words[1:] if len(words) > 1 and Path(words[0]).name.startswith("python") else words
    return f"process {pid} ({_command(named)}) since {started:%Y-%m-%d %H:%M:%S} UTC"


def _command(words: list[str]) -> str:
    first = Path(words[0]).name if words and words[0] else "python"
    second = words[1] if len(words) > 1 and re.fullmatch(r"[a-z][a-z-]{1,20}", words[1]) else ""
    return f"{first} {second}".strip()
