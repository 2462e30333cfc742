"""The line of progress: on a terminal only, not for short work, and gone before anything else is printed."""

from __future__ import annotations

import io
import sys

import pytest

from tribu.cli import progress
from tribu.cli.progress import ProgressLine


class Terminal(io.StringIO):
    """A standard error that somebody watches."""

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        """What was written since the last call."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


def test_long_work_on_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with ProgressLine() as line:
        line("looking", 1, 4)
        assert terminal.shown() == ""
        now += 1.1
        line("looking", 1, 4)
        line("looking", 2, 4)
        assert terminal.shown() == "\rlooking  25%"
        now += 0.3
        line("a\x1b[31m\nb" + "c" * 100, 0, 0)
        shown = terminal.shown()
        assert shown.startswith("\ra?[31m?bccc")
        assert len(shown) == 80
    assert terminal.shown() == "\r" + " " * 79 + "\r"


def test_where_nobody_watches_there_is_no_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_AFTER", 0.0)
    with ProgressLine() as line:
        line("looking", 1, 4)
    assert capsys.readouterr().err == ""
