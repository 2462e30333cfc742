"""Tribu's whole build, the obvious notebook and DuckDB's bare scan of the same landing files, size by size.

Ends with 1 where an aim is not met. CPU tells more than wall on a machine that others use.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.population import land_population
from benchmarks.process_tree import run_watched

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 100_000, 1_000_000)
LARGEST = 10_000_000
POSTS_EACH = 20
THREADS = 2
#: At the largest size that both do: wall of the notebook over Tribu's, Tribu's peak over the notebook's, Tribu's wall
#: over the scan's.
AIMS = {"notebook_wall": 5.0, "notebook_peak": 1 / 3, "scan_wall": 4.0}


@dataclass(frozen=True)
class Run:
    """What one way took for one size. Seconds, bytes, rows of landing; steps as each way tells them."""

    way: str
    influencers: int
    rows: int
    wall: float
    cpu: float
    peak_bytes: int
    steps: Mapping[str, object] = field(default_factory=dict)

    @property
    def rows_per_second(self) -> float:
        """Landed rows over wall seconds."""
        return self.rows / self.wall


def children_seconds() -> float:
    """CPU seconds of all processes that ended and were waited for."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def measured(way: str, command: Sequence[str], env: Mapping[str, str], size: int, rows: int) -> tuple[Run, str]:
    """Run one way to its end.

    Raises
    ------
    SystemExit
        With its output, when it fails.
    """
    began, spent = time.monotonic(), children_seconds()
    done = run_watched(command, folder=ROOT, env=env)
    if done.exit_code:
        sys.exit(f"{way}, {size:,} influencers:\n{done.output}")
    wall, cpu = time.monotonic() - began, children_seconds() - spent
    return Run(way, size, rows, round(wall, 2), round(cpu, 2), done.peak_bytes), done.output


def told(output: str) -> dict[str, object]:
    """The last line that a way prints, which is JSON."""
    said: dict[str, object] = json.loads(output.strip().splitlines()[-1])
    return said


def slowest(folder: Path, most: int = 12) -> dict[str, object]:
    """Wall seconds of the nodes of a build that took the most."""
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    taken = {one["unique_id"].split(".", 2)[-1]: round(one["execution_time"], 2) for one in results}
    return dict(sorted(taken.items(), key=lambda item: -item[1])[:most])


def compared(folder: Path, size: int, ways: Sequence[str], settings: Mapping[str, object]) -> list[Run]:
    """Land a population of one size and run each way over it."""
    landing = folder / "landing"
    rows = sum(land_population(landing, size, size, POSTS_EACH).values())
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "OMP_NUM_THREADS": str(THREADS),
        "TRIBU_LANDING": str(landing),
        "TRIBU_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "TRIBU_MODELS": str(folder / "models"),
        "TRIBU_SITE": str(folder / "site"),
        "DBT_LOG_LEVEL_FILE": "none",
    }
    dbt = str(Path(sys.executable).with_name("dbt"))
    commands = {
        "scan": [sys.executable, "-m", "benchmarks.speed.scan", str(landing), str(THREADS)],
        "notebook": [sys.executable, "-m", "benchmarks.speed.notebook", str(landing), str(folder / "notebook")],
        "tribu": [
            *[dbt, "--no-use-colors", "build", "--target-path", str(folder / "target")],
            *(["--vars", json.dumps(settings)] if settings else []),
        ],
    }
    runs = []
    for way in ways:
        run, output = measured(way, commands[way], env, size, rows)
        steps = slowest(folder) if way == "tribu" else told(output)
        runs.append(Run(**{**asdict(run), "steps": steps}))
        print(line(runs[-1]), flush=True)
    return runs


HEADER = f"{'influencers':>12} {'rows':>12} {'way':<9} {'wall s':>9} {'CPU s':>9} {'peak MB':>9} {'rows/s':>11}"


def line(run: Run) -> str:
    """One row of the table."""
    return (
        f"{run.influencers:>12,} {run.rows:>12,} {run.way:<9} {run.wall:>9.1f} {run.cpu:>9.1f}"
        f" {run.peak_bytes / 1e6:>9,.0f} {run.rows_per_second:>11,.0f}"
    )


def ratios(runs: Sequence[Run]) -> dict[str, float]:
    """What the aims are about, of runs of one size; a ratio without its two runs is left out."""
    by_way = {run.way: run for run in runs}
    found: dict[str, float] = {}
    if {"tribu", "notebook"} <= by_way.keys():
        ours, theirs = by_way["tribu"], by_way["notebook"]
        found |= {"notebook_wall": theirs.wall / ours.wall, "notebook_peak": ours.peak_bytes / theirs.peak_bytes}
        found |= {"notebook_cpu": theirs.cpu / ours.cpu}
    if {"tribu", "scan"} <= by_way.keys():
        found |= {"scan_wall": by_way["tribu"].wall / by_way["scan"].wall}
    return {name: round(value, 3) for name, value in found.items()}


def unmet(found: Mapping[str, float]) -> list[str]:
    """Aims that the ratios miss, in words."""
    words = {
        "notebook_wall": "notebook's wall over Tribu's {:.2f}, aim at least {:.2f}",
        "notebook_peak": "Tribu's peak memory over the notebook's {:.2f}, aim at most {:.2f}",
        "scan_wall": "Tribu's wall over the scan's {:.1f}, aim at most {:.1f}",
    }
    return [
        words[name].format(found[name], aim)
        for name, aim in AIMS.items()
        if name in found and (found[name] < aim if name == "notebook_wall" else found[name] > aim)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print one table, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="N", help="influencers")
    parser.add_argument("--full", action="store_true", help=f"{LARGEST:,} as well, Tribu alone")
    parser.add_argument("--only", choices=["scan", "notebook", "tribu"], action="append", help="one way; repeatable")
    parser.add_argument("--vars", type=json.loads, default={}, metavar="JSON", help="settings of Tribu's builds")
    parser.add_argument("--json", type=Path, default=ROOT / "target" / "speed.json", metavar="FILE")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="build below it; else in a temporary folder")
    given = parser.parse_args(arguments)
    ways = given.only or ["scan", "notebook", "tribu"]
    print(HEADER)
    kept: dict[str, object] = {"threads": THREADS, "processors": os.cpu_count(), "sizes": {}}
    runs: list[Run] = []
    of_size: dict[str, object] = {}
    for size in [*given.sizes, *([LARGEST] if given.full else [])]:
        with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
            runs = compared(Path(temporary), size, ["tribu"] if size == LARGEST else ways, given.vars)
            shutil.rmtree(Path(temporary) / "landing", ignore_errors=True)
        of_size[str(size)] = {"runs": [asdict(run) for run in runs], "ratios": ratios(runs)}
        kept["sizes"] = of_size
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        print(f"{'':>12} {json.dumps(ratios(runs))}", flush=True)
    missed = unmet(ratios(runs))
    for words in missed:
        print(f"not met: {words}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
