"""One line that says how far a long command is: on a terminal only, and gone when it is done."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final

import click

_EVERY: Final = 0.2
"""Seconds between two states of the line."""
_AFTER: Final = 1.0
"""Seconds of work before the line appears: short work needs none."""

_LONGEST: Final = 79


class ProgressLine:
    """Shows the step and the share of it that is done on standard error, when that is a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._width = 0
        self._next = time.monotonic() + _AFTER

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` is done of a step (a total of 0: nobody knows)."""
        now = time.monotonic()
        if not self._shown or now < self._next:
            return
        self._next = now + _EVERY
        share = f" {min(done / total, 1):4.0%}" if total else " …"
        # One line, whatever a file is called.
        self._write("".join(mark if mark.isprintable() else "?" for mark in step + share)[:_LONGEST])

    def clear(self) -> None:
        """Take the line away, before another one is printed."""
        if self._width:
            self._write("")

    def _write(self, text: str) -> None:
        click.echo("\r" + text.ljust(self._width) + ("\r" if not text else ""), err=True, nl=False)
        self._width = len(text)

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
