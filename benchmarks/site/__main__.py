"""Run the benchmark: a build of a million influencers, its site against its budgets, its time and its memory."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.population import land_population
from benchmarks.process_tree import run_watched

ROOT = Path(__file__).resolve().parents[2]
OVERVIEW_BYTES = 1_500_000
PAGE_BYTES = 600_000


def budget(page: str) -> int:
    """Most bytes that a page may have; the overview of each language has the larger budget."""
    return OVERVIEW_BYTES if Path(page).name == "index.html" else PAGE_BYTES


def measure(folder: Path, influencers: int, authors: int) -> dict[str, object]:
    """Land, build, and weigh what came out."""
    began = time.monotonic()
    rows = land_population(folder / "landing", influencers, authors)
    landed = time.monotonic()
    env = {
        **os.environ,
        "TRIBU_LANDING": str(folder / "landing"),
        "TRIBU_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "TRIBU_MODELS": str(folder / "models"),
        "TRIBU_SITE": str(folder / "site"),
    }
    dbt = str(Path(sys.executable).with_name("dbt"))
    where = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    done = run_watched([dbt, "--no-use-colors", "build", *where], folder=ROOT, env=env)
    built = time.monotonic()
    if done.exit_code:
        sys.exit(done.output)
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))
    seconds = {one["unique_id"].rsplit(".", 1)[-1]: one["execution_time"] for one in results["results"]}
    pages = {
        path.relative_to(folder / "site").as_posix(): path.stat().st_size
        for path in sorted((folder / "site").rglob("*"))
        if path.is_file()
    }
    return {
        "influencers": influencers,
        "rows": rows,
        "landing_seconds": round(landed - began, 1),
        "build_seconds": round(built - landed, 1),
        "render_seconds": round(seconds["report_site"], 1),
        "render_share_of_build": round(seconds["report_site"] / (built - landed), 3),
        "slowest": dict(sorted(((k, round(v, 1)) for k, v in seconds.items()), key=lambda item: -item[1])[:8]),
        "peak_memory_bytes": done.peak_bytes,
        "warehouse_bytes": (folder / "warehouse.duckdb").stat().st_size,
        "pages": {page: size for page, size in pages.items() if page.endswith(".html")},
        "other_files": {page: size for page, size in pages.items() if not page.endswith(".html")},
    }


def main() -> int:
    """Measure, print, and say what is over its budget."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    arguments.add_argument("--influencers", type=int, default=1_000_000, metavar="N")
    arguments.add_argument("--authors", type=int, default=50_000, metavar="N", help="influencers who have posts")
    arguments.add_argument("--folder", type=Path, metavar="DIR", help="build here and leave it; else a temporary one")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        figures = measure(given.folder or Path(temporary), given.influencers, given.authors)
    print(json.dumps(figures, indent=2))
    pages = figures["pages"]
    assert isinstance(pages, dict)
    over = {page: size for page, size in pages.items() if size > budget(page)}
    overview = max(size for page, size in pages.items() if budget(page) == OVERVIEW_BYTES)
    other = max((size for page, size in pages.items() if budget(page) == PAGE_BYTES), default=0)
    print(f"overview {overview:,} of {OVERVIEW_BYTES:,} bytes, largest other page {other:,} of {PAGE_BYTES:,}")
    for page, size in over.items():
        print(f"over its budget: {page}, {size:,} of {budget(page):,} bytes")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
