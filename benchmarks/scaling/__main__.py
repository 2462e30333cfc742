"""Build the same rows on DuckDB and on Spark, and compare every mart.

The sample, or as many generated influencers as given, a fifth of them with posts. Ends with 1 where a mart differs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from benchmarks.population import land_population
from benchmarks.process_tree import run_watched
from benchmarks.scaling.cluster import running_cluster
from benchmarks.scaling.comparison import TableComparison, compare, grains, table_of
from benchmarks.scaling.projection import table_of_times

ROOT = Path(__file__).resolve().parents[2]
#: Pictures are laid out in Python from a sample, on either engine alike, and would be most of a small build.
SETTINGS: dict[str, object] = {"pictures": []}
SAMPLE_INFLUENCERS = 1_499
#: What makes a second run differ from the first: a fit from other random starts, matched with the accepted clusters.
SECOND_RUN: dict[str, object] = {"refit": "always", "random_seed": 7}


@dataclass(frozen=True)
class EngineBuild:
    """What a build took."""

    seconds: float
    peak_bytes: int


def build(
    folder: Path, landing: Path, target: str, env: dict[str, str], settings: dict[str, object] = SETTINGS
) -> EngineBuild:
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
    what = ["build", "--resource-type", "seed", "--resource-type", "model", "--target", target]
    what += ["--vars", json.dumps(settings)]
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


def both(place: Path, landing: Path, name: str, *, on_cluster: bool, settings: dict[str, object]) -> bool:
    """Build on DuckDB and on Spark, compare, print; whether every mart is equal, and every executor had work."""
    duck = build(place / "duckdb", landing, "dev", {}, settings)
    tasks: dict[str, int] = {}
    if on_cluster:
        spark_place = place / "cluster"
        memory = {
            "worker_memory": os.environ.get("SPARK_EXECUTOR_MEMORY", "1g"),
            "server_memory": os.environ.get("SPARK_DRIVER_MEMORY", "2g"),
        }
        with running_cluster(spark_place, **memory) as cluster:
            spark = build(spark_place, landing, "spark_connect", {"SPARK_REMOTE": cluster.remote}, settings)
            tasks = cluster.tasks_by_executor()
        tables = spark_place / "warehouse"
    else:
        spark_place = place / "session"
        spark = build(spark_place, landing, "spark", {}, settings)
        tables = spark_place / "spark" / "warehouse"
    times = place / f"times{'_again' if settings != SETTINGS else ''}.json"
    known = json.loads(times.read_text(encoding="utf-8")) if times.exists() else {}
    known |= {"DuckDB": asdict(duck), f"Spark, {'cluster' if on_cluster else 'session'}": asdict(spark)}
    times.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    found = compared(place / "duckdb" / "target" / "manifest.json", place / "duckdb" / "warehouse.duckdb", tables)
    how = "cluster, Spark Connect" if on_cluster else os.environ.get("SPARK_MASTER", "local[2]")
    costs = f"DuckDB {duck.seconds:.0f} s, {duck.peak_bytes / 1e9:.1f} GB; Spark ({how}) {spark.seconds:.0f} s"
    print(f"\n{name}: {costs}", end="")
    print(f"; tasks by executor {tasks}\n" if on_cluster else f", {spark.peak_bytes / 1e9:.1f} GB\n")
    print(table_of(found), flush=True)
    return all(one.is_equal for one in found) and (not on_cluster or (len(tasks) > 1 and min(tasks.values()) > 0))


def times_of(folder: Path) -> str:
    """Tell what builds of every size in a folder took, those of earlier runs included, and where the line leads."""
    measured: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for times in folder.glob("*/times.json"):
        size = SAMPLE_INFLUENCERS if times.parent.name == "sample" else int(times.parent.name)
        for engine, taken in json.loads(times.read_text(encoding="utf-8")).items():
            measured[engine][size] = taken["seconds"], taken["peak_bytes"]
    return table_of_times(measured)


def main() -> int:
    """Build, compare, print."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    arguments.add_argument(
        "influencers",
        type=int,
        nargs="*",
        metavar="N",
        help="influencers to build, 0 for the sample; only the sample without",
    )
    arguments.add_argument(
        "--cluster", action="store_true", help="on a cluster through Spark Connect instead of a session"
    )
    arguments.add_argument("--again", action="store_true", help="a second run after the first, which fits anew")
    arguments.add_argument("--folder", type=Path, metavar="DIR", help="build here and leave it; else a temporary one")
    given = arguments.parse_args()
    all_equal = True
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)).resolve()
        for influencers in given.influencers or [0]:
            name = f"{influencers}" if influencers else "sample"
            landing = folder / name / "landing"
            if influencers and not landing.exists():
                land_population(landing, influencers, influencers // 5)
            runs = [(name, SETTINGS)]
            if given.again:
                runs.append((f"{name}, second run", SETTINGS | SECOND_RUN))
            for run, settings in runs:
                equal = both(folder / name, landing, run, on_cluster=given.cluster, settings=settings)
                all_equal = all_equal and equal
        print(f"\n{times_of(folder)}", flush=True)
    return 0 if all_equal else 1


if __name__ == "__main__":
    sys.exit(main())
