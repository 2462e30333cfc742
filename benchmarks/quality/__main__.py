"""Run the benchmarks; figures go to stdout, as one table or with ``--json`` as JSON, and what is left out to stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from benchmarks.quality import authenticity, fakes, migration, niches, sample
from benchmarks.quality.agreement import Benchmark
from benchmarks.quality.builds import ROOT

OF_LISTS: dict[str, tuple[str, Callable[[Path], Benchmark]]] = {
    "niches": (niches.FOLDER, niches.benchmark),
    "fakes": (fakes.FOLDER, fakes.benchmark),
    "signals": (fakes.FOLDER, authenticity.benchmark),
    "migration": (migration.FOLDER, migration.benchmark),
}


def table(benchmarks: Iterable[Benchmark]) -> str:
    """One table of all ways, and below it the facts and aims of each benchmark."""
    lines = [f"{'benchmark':10} {'way':29} {'clusters':>8} {'ARI':>6} {'NMI':>6} {'AUC':>6} {'moved':>6}"]
    notes = []
    for benchmark in benchmarks:
        for row in benchmark.results:
            figures = [row.ari, row.nmi, row.auc]
            cells = [f"{'' if figure is None else format(figure, '.3f'):>6}" for figure in figures]
            moved = "" if row.moved is None else f"{row.moved:.1%}"
            clusters = "" if row.clusters is None else row.clusters
            lines.append(f"{benchmark.name:10} {row.way:29} {clusters:>8} {' '.join(cells)} {moved:>6}".rstrip())
        facts = (f"{name.replace('_', ' ')} {value}" for name, value in benchmark.facts.items() if name != "november")
        notes.append(f"{benchmark.name}: {', '.join(facts)}")
        notes += [f"  {'met' if aim.is_met else 'not met'}: {aim.text}" for aim in benchmark.aims]
        notes += [f"  {note}" for note in benchmark.notes]
    return "\n".join([*lines, "", *notes])


def main() -> None:
    """Build, measure, print."""
    arguments = argparse.ArgumentParser(
        prog="python -m benchmarks.quality", description="Quality of the clusters, beside the obvious notebook."
    )
    arguments.add_argument("--json", action="store_true", help="print JSON")
    arguments.add_argument(
        "--only", choices=["sample", *OF_LISTS], action="append", help="this benchmark; may be repeated"
    )
    given = arguments.parse_args()
    wanted = given.only or ["sample", *OF_LISTS]
    data = Path(os.environ.get("TRIBU_REAL_DATA", ROOT.parent / "shared" / "data"))
    done = [sample.benchmark()] if "sample" in wanted else []
    for name, (folder, benchmark) in OF_LISTS.items():
        if name in wanted and (data / folder).is_dir():
            done.append(benchmark(data))
        elif name in wanted:
            print(f"{name}: left out, no {folder} in {data} (TRIBU_REAL_DATA)", file=sys.stderr)
    print(json.dumps([asdict(benchmark) for benchmark in done], indent=2) if given.json else table(done))


if __name__ == "__main__":
    main()
