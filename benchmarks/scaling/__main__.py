"""Build the same rows on DuckDB and on Spark, and compare every mart.

The sample always; with numbers, also generated influencers, a fifth of them with posts. Ends with 1 where a mart
differs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from benchmarks.scaling.cluster import running_cluster
from benchmarks.scaling.comparison import TableComparison, compare, grains, table_of
from benchmarks.site.population import land_population
from benchmarks.site.process_tree import run_watched

ROOT = Path(__file__).resolve().parents[2]
#: Pictures are laid out in Python from a sample, on either engine alike, and would be most of a small build.
SETTINGS = "{pictures: []}"


@dataclass(frozen=True)
class EngineBuild:
    """What a build took."""

    seconds: float
    peak_bytes: int


def build(folder: Path, landing: Path, target: str, env: dict[str, str]) -> EngineBuild:
    """Run every seed and model on one engine; stops the process with dbt's own words where that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "TRIBU_LANDING": str(landing),
        "TRIBU_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "TRIBU_MODELS": str(folder / "models"),
        "TRIBU_SITE": str(folder / "site"),
        "TRIBU_SPARK": str(folder / "spark"),
        **env,
    }
    where = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    # what tests would say of the second engine the comparison says of every row
    what = ["build", "--resource-type", "seed", "--resource-type", "model", "--target", target, "--vars", SETTINGS]
    began = time.monotonic()
    done = run_watched(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *what, *where], folder=ROOT, env=environment
    )
    if done.exit_code:
        sys.exit(done.output)
    return EngineBuild(time.monotonic() - began, done.peak_bytes)


def compared(manifest: Path, warehouse: Path, spark_tables: Path) -> list[TableComparison]:
    """Compare every mart of a DuckDB warehouse with the Parquet files of the same mart on Spark."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
        found = []
        for table, key in sorted(grains(manifest, ["marts"]).items()):
            schema, name = table.split(".")
            files = f"read_parquet('{spark_tables}/{schema}.db/{name}/**/*.parquet', hive_partitioning = true)"
            found.append(compare(connection, table, f"warehouse.{table}", files, key))
    return found


def main() -> int:
    """Build, compare, print."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    arguments.add_argument(
        "influencers", type=int, nargs="*", metavar="N", help="generated influencers to build as well"
    )
    arguments.add_argument(
        "--cluster", action="store_true", help="on a cluster through Spark Connect instead of a session"
    )
    arguments.add_argument("--folder", type=Path, metavar="DIR", help="build here and leave it; else a temporary one")
    given = arguments.parse_args()
    all_equal = True
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        for influencers in [0, *given.influencers]:
            name = f"{influencers}" if influencers else "sample"
            landing = folder / name / "landing"
            if influencers and not landing.exists():
                land_population(landing, influencers, influencers // 5)
            duck = build(folder / name / "duckdb", landing, "dev", {})
            tasks: dict[str, int] = {}
            if given.cluster:
                place = folder / name / "cluster"
                with running_cluster(place) as cluster:
                    spark = build(place, landing, "spark_connect", {"SPARK_REMOTE": cluster.remote})
                    tasks = cluster.tasks_by_executor()
                tables = place / "warehouse"
            else:
                place = folder / name / "session"
                spark = build(place, landing, "spark", {})
                tables = place / "spark" / "warehouse"
            found = compared(
                folder / name / "duckdb" / "target" / "manifest.json",
                folder / name / "duckdb" / "warehouse.duckdb",
                tables,
            )
            all_equal = all_equal and all(one.is_equal for one in found)
            how = "cluster, Spark Connect" if given.cluster else os.environ.get("SPARK_MASTER", "local[2]")
            costs = f"DuckDB {duck.seconds:.0f} s, {duck.peak_bytes / 1e9:.1f} GB; Spark ({how}) {spark.seconds:.0f} s"
            print(f"\n{name}: {costs}", end="")
            print(f"; tasks by executor {tasks}\n" if given.cluster else f", {spark.peak_bytes / 1e9:.1f} GB\n")
            print(table_of(found))
            all_equal = all_equal and (not given.cluster or (len(tasks) > 1 and min(tasks.values()) > 0))
    return 0 if all_equal else 1


if __name__ == "__main__":
    sys.exit(main())
