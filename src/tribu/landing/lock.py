"""One writer at a time: a lock file that exists only while it is held and says who holds it."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tribu.errors import LandingError

LOCK: Final = ".lock"


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold ``folder`` alone, without waiting.

    The operating system releases the lock when its holder dies, so a lock file left by a killed process stops nobody.

    Raises
    ------
    LandingError
        When another process holds it.
    """
    path = folder / LOCK
    handle = _acquire(path)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, _signature().encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _acquire(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 200).decode(errors="replace").strip()
            os.close(handle)
            raise LandingError(
                expected=f"to be alone in writing {path.parent}",
                got=f"another import at work: {holder or 'just started'}",
                remedy="wait until it has finished and try again",
            ) from None
        # The holder removes the file when it is done: what was locked here may already have no name.
        try:
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)


def _signature() -> str:
    return f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
