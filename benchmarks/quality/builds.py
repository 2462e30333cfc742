"""Builds in folders of their own, and what is read from them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
# Pictures show clusters and decide nothing about them.
NO_PICTURES: dict[str, object] = {"pictures": []}


def run(folder: Path, tool: str, *arguments: str) -> None:
    """Run a command of the environment, with all that it writes in ``folder``; end with its words where it fails."""
    places = {
        "TRIBU_LANDING": str(folder / "landing"),
        "TRIBU_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "TRIBU_MODELS": str(folder / "models"),
        "TRIBU_SITE": str(folder / "site"),
    }
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env={**os.environ, **places}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def land(folder: Path, *files: Path) -> None:
    """Import files into the landing of ``folder``."""
    run(folder, "tribu", "import", *map(str, files))


def build(folder: Path, settings: dict[str, object]) -> Path:
    """Build with vars, beside what ``folder`` already holds; the warehouse. Tests and pages are left out."""
    given = json.dumps({**NO_PICTURES, **settings})
    where = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    left_out = [f"--exclude-resource-type={kind}" for kind in ("test", "unit_test")]
    left_out += ["--exclude", "path:dbt_project/models/reporting", "report_site"]
    run(folder, "dbt", "build", "--vars", given, *left_out, *where)
    return folder / "warehouse.duckdb"


def feature_matrix(
    connection: duckdb.DuckDBPyConnection, keys: list[str], table: str = "features.ftr_influencers"
) -> NDArray[np.float64]:
    """Features of influencers, in the order of ``keys`` and of the catalogue; unknown values are NaN."""
    names = connection.execute("select feature from features.feature_catalogue order by feature_order").fetchall()
    if table == "features.ftr_scaled":
        names = connection.execute("select feature from features.distance_features order by feature_order").fetchall()
    columns = ", ".join(f"cast({name} as double)" for (name,) in names)
    values = {key: row for key, *row in connection.execute(f"select influencer_key, {columns} from {table}").fetchall()}
    return np.array([values[key] for key in keys], dtype=float)


def selected_candidate(connection: duckdb.DuckDBPyConnection) -> str:
    """The candidate that won."""
    ((candidate,),) = connection.execute("select candidate_id from clustering.ml_selection").fetchall()
    return str(candidate)


def k_range(connection: duckdb.DuckDBPyConnection) -> range:
    """The k of k-means that the build tried."""
    ((low, high),) = connection.execute(
        "select min(k), max(k) from clustering.ml_candidates where algorithm = 'kmeans' and k > 1"
    ).fetchall()
    return range(low, high + 1)
