"""kill -9 at moments drawn from a seed, and what is left of the project."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from benchmarks.reliability.states import (
    FORGOTTEN,
    Command,
    States,
    built_tables,
    commands,
    env,
    generation,
    landed_rows,
)
from tests.conftest import ROOT
from tests.kept import found, misfits

# Each takes its turn after a kill; `built` for those that need a finished build.
_NEXT = (("tribu", "report"), ("tribu", "export", "csv"), ("tribu", "publish"))


@dataclass(frozen=True)
class Left:
    """What one kill left.

    Attributes
    ----------
    seconds
        After the command had begun to write.
    remains
        Kinds of files that it left beside what counts.
    generation_at_once, generation
        ``old``, ``new`` or ``mixed``: before any other command, and after `tribu status`.
    wrong
        What did not hold, in words; nothing is as it should be.
    rebuilt
        Whether a rebuild was held against one that was never killed.
    """

    command: str
    seconds: float
    remains: tuple[str, ...]
    generation_at_once: str
    generation: str
    wrong: tuple[str, ...] = ()
    rebuilt: bool = False


@dataclass
class Crashes:
    """One command, killed again and again."""

    states: States
    command: Command
    seed: int
    rebuild_each: int = 10
    _number: int = field(default=0)

    @cached_property
    def whole(self) -> tuple[float, Path]:
        """Seconds that the command works when nobody kills it, and what it leaves then."""
        folder = self._copy("whole")
        process, begun = self._started(folder)
        _, told = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{self.command.name}: {process.returncode}\n{told}")
        return time.monotonic() - begun, folder

    @cached_property
    def _never_killed(self) -> list[dict[str, Counter[str]]]:
        """What a rebuild may leave; where a model was accepted before the kill, what a second build leaves."""
        _, folder = self.whole
        states = [built_tables(folder / "warehouse.duckdb")] if self.command.name == "build" else []
        self._build(folder)
        return [*states, built_tables(folder / "warehouse.duckdb")]

    def kill(self) -> Left | None:
        """Kill it once; None where it had ended before."""
        seconds, whole = self.whole
        self._number += 1
        chance = np.random.default_rng([self.seed, self._number, *self.command.name.encode()])
        after = float(chance.uniform(0, seconds))
        folder = self._copy("killed")
        old = generation(self.states.folder / self.command.state)
        process, _ = self._started(folder)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if process.returncode != -signal.SIGKILL:
            return None
        remains = _remains(folder)
        at_once = _named(generation(folder), old, self.command.name)
        wrong = self._look_at(folder, whole)
        is_rebuilt = self.command.name == "build" or self._number % self.rebuild_each == 0
        if is_rebuilt and self.command.name in {"build", "import", "forget"}:
            if self.command.name != "build":
                self._build(folder)
            rebuilt = built_tables(folder / "warehouse.duckdb")
            wrong += min((_differences(rebuilt, one) for one in self._never_killed), key=len)
        return Left(self.command.name, round(after, 2), remains, at_once, self._after_status, tuple(wrong), is_rebuilt)

    def _look_at(self, folder: Path, whole: Path) -> list[str]:
        """Everything that has to hold after a kill; what does not, in words."""
        wrong = []
        old = generation(self.states.folder / self.command.state)
        if error := self._failure(folder, ("tribu", "status")):
            wrong.append(f"status: {error}")
        self._after_status = _named(generation(folder), old, self.command.name)
        if self._after_status == "mixed":
            wrong.append(f"two generations: {generation(folder)}")
        if self.command.name != "forget":  # its ledger is written last, with landing itself
            wrong += misfits(folder / "landing")
        if error := self._failure(folder, self._again(folder)):
            wrong.append(f"the same again: {error}")
        wrong += misfits(folder / "landing")
        if landed_rows(folder / "landing") != landed_rows(whole / "landing"):
            wrong.append("other rows are landed than without the kill")
        if self.command.name == "forget":
            wrong += [f"still named in {path}" for path in sorted(found(folder, FORGOTTEN))]
        else:
            words = _NEXT[self._number % len(_NEXT)]
            if error := self._failure(folder, (*words, str(folder / "out")) if "export" in words else words):
                wrong.append(f"{' '.join(words)}: {error}")
            if _named(generation(folder), old, self.command.name) == "mixed":
                wrong.append(f"two generations at last: {generation(folder)}")
        return wrong

    def _again(self, folder: Path) -> tuple[str, ...]:
        """The command to type after a kill: a run of a collection that had begun is gone on with."""
        if self.command.name == "collect":
            told = self.states.tried(folder, ("tribu", "status", "--json"))
            if told.returncode == 0 and json.loads(told.stdout)["landing"]["incomplete_runs"]:
                return ("tribu", "collect", "bluesky", "--resume")
            if any((folder / "landing" / "runs").glob("*.parquet")):
                return ("tribu", "status")
        return self.command.arguments

    def _started(self, folder: Path) -> tuple[subprocess.Popen[str], float]:
        """Start the command; returns once it has begun to write."""
        process = subprocess.Popen(  # noqa: S603 - our own commands
            self.states.typed(self.command.arguments),
            cwd=ROOT,
            env=env(folder),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        while process.poll() is None and not any(folder.glob(self.command.lock)):
            time.sleep(0.002)
        return process, time.monotonic()

    def _failure(self, folder: Path, words: tuple[str, ...]) -> str | None:
        done = self.states.tried(folder, words)
        if done.returncode == 0 and "Traceback" not in done.stderr:
            return None
        lines = (done.stdout + done.stderr).strip().splitlines()
        return f"{done.returncode}: {' / '.join(lines[-3:])}"

    def _build(self, folder: Path) -> None:
        self.states.run(folder, *commands(self.states.people)["build"].arguments)

    def _copy(self, name: str) -> Path:
        folder = self.states.folder / f"{self.command.name}-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.states.folder / self.command.state, folder)
        return folder


def _named(now: tuple[str | None, str | None], old: tuple[str | None, str | None], command: str) -> str:
    if now == old:
        return "old"
    published, site = now
    # A site that names a forgotten person goes whole; so do marts that were lost before `tribu publish`.
    if published == site or (command == "forget" and site is None and published == old[0]):
        return "new"
    return "mixed"


def _remains(folder: Path) -> tuple[str, ...]:
    kinds = {
        "a lock file": (".warehouse.duckdb.lock", "landing/.lock", "landing/.collecting/*/.lock"),
        "a batch begun": ("landing/.incoming-*",),
        "a batch to be moved": ("landing/.complete-*",),
        "a slice": ("landing/.collecting/*/slice",),
        "DuckDB's log": ("warehouse.duckdb.wal",),
        "a copy of the marts": (".published.duckdb.staged",),
        "a site": (".site.staged*",),
        "a note of what to move": (".published.duckdb.publishing",),
        "a database without the person": (".*.forgetting",),
        "a site to be removed": (".site.forgetting-*",),
    }
    return tuple(kind for kind, patterns in kinds.items() if any(any(folder.glob(one)) for one in patterns))


def _differences(left: dict[str, Counter[str]], right: dict[str, Counter[str]]) -> list[str]:
    return [
        f"after a rebuild {table} is another"
        for table in sorted({*left, *right})
        if left.get(table) != right.get(table)
    ]
