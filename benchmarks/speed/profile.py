"""Where a build spends its time: wall and CPU seconds of every node, one after the other in one process.

On a machine that others use, wall says how busy they were; CPU is ours.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any


def processor_seconds() -> float:
    """CPU seconds of this process and of those that it waited for, all threads of both."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


class Nodes:
    """What each node took, as dbt's events tell of its start and its end."""

    def __init__(self) -> None:
        self.finished: list[dict[str, Any]] = []
        self._began: dict[str, tuple[float, float]] = {}

    def hear(self, event: Any) -> None:
        """Take in one event of dbt; those of other kinds are passed over."""
        kind = event.info.name
        if kind not in {"NodeStart", "NodeFinished"}:
            return
        node = event.data.node_info.unique_id
        now = time.monotonic(), processor_seconds()
        if kind == "NodeStart":
            self._began[node] = now
        elif node in self._began:
            wall, cpu = self._began.pop(node)
            self.finished.append({"node": node, "wall": round(now[0] - wall, 3), "cpu": round(now[1] - cpu, 3)})


def profile(arguments: list[str]) -> tuple[bool, list[dict[str, Any]], float]:
    """Run dbt in this process on one thread.

    Returns
    -------
    tuple
        Whether all went well, what each node took in the order in which they ended, CPU seconds of the whole.
    """
    from dbt.cli.main import dbtRunner

    nodes = Nodes()
    began = processor_seconds()
    done = dbtRunner(callbacks=[nodes.hear]).invoke([*arguments, "--threads", "1"])
    return done.success, nodes.finished, processor_seconds() - began


def main() -> int:
    """Run dbt with the arguments given, and print the nodes that took the most CPU."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.speed.profile", description=__doc__)
    arguments.add_argument("--json", type=Path, metavar="FILE", help="keep all figures")
    arguments.add_argument("--top", type=int, default=25, metavar="N")
    given, of_dbt = arguments.parse_known_args()
    went_well, nodes, cpu = profile(of_dbt or ["build"])
    if given.json:
        given.json.write_text(json.dumps({"cpu": cpu, "nodes": nodes}, indent=1), encoding="utf-8")
    print(f"{cpu:.1f} s of CPU, of which in nodes {sum(node['cpu'] for node in nodes):.1f}", file=sys.stderr)
    for node in sorted(nodes, key=lambda one: -one["cpu"])[: given.top]:
        print(f"{node['cpu']:9.2f} {node['wall']:9.2f}  {node['node']}")
    # DuckDB's threads and those of numerical libraries are not to hold up the end
    os._exit(0 if went_well else 1)


if __name__ == "__main__":
    sys.exit(main())
