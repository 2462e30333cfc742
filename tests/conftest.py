"""What every test may use: the real exports, and one whole build of the sample per run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]

# UMAP and t-SNE in depth take longer than the rest of a build; tests/pipeline/test_pictures.py builds with everything on.
QUICK = {"pictures": ["tsne"], "picture_dimensions": [2], "map_points": 400}


@dataclass(frozen=True)
class Build:
    """One build in a folder of its own: its places, its log and how it ended."""

    folder: Path
    landing: Path
    warehouse: Path
    site: Path
    log: str
    exit_code: int

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query over the warehouse, read-only."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def value(self, sql: str) -> object:
        """The one value of a query over the warehouse."""
        ((value,),) = self.rows(sql)
        return value


# Files that take minutes, whose tests follow on each other: begun last, one worker would end long after the others.
LONGEST = ("test_model_history.py", "test_benchmarks.py", "test_selection.py", "test_own_features.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, then the other builds, then what takes seconds."""

    def order(item: pytest.Item) -> tuple[int, bool]:
        name = item.path.name
        return LONGEST.index(name) if name in LONGEST else len(LONGEST), "pipeline" not in item.path.parts

    items.sort(key=order)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes never name a test: archives hold the clock, and the parallel workers must collect the same names."""
    return argname if isinstance(val, bytes) else None


def places_env(folder: Path) -> dict[str, str]:
    """Environment that moves landing, warehouse, site and the tables of Spark into ``folder``."""
    return {
        # Seconds to wait for a lock: where a test holds one, nobody is to wait a minute for it.
        "TRIBU_LOCK_WAIT": "2",
        **os.environ,
        "TRIBU_LANDING": str(folder / "landing"),
        "TRIBU_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "TRIBU_MODELS": str(folder / "models"),
        "TRIBU_PUBLISHED": str(folder / "published.duckdb"),
        "TRIBU_SITE": str(folder / "site"),
        # The log of every statement is a tenth of a build, and what failed is on the console too.
        "DBT_LOG_LEVEL_FILE": "none",
        "TRIBU_SPARK": str(folder / "spark"),
    }


def run_dbt(
    folder: Path, *arguments: str, quick: bool = True, unit_tests: bool = False, data_tests: bool = True
) -> Build:
    """Run dbt on the project with all that it writes in ``folder``; ``--vars`` add to `QUICK` unless it is off.

    Unit tests of SQL read nothing of what was landed: the first build of the sample runs them, further builds need not. ``data_tests`` may be off
    where a build like it has run them.
    """
    given = list(arguments)
    if given[0] == "build":
        given += ["--selector", "everything"] if unit_tests else ["--exclude-resource-type", "unit_test"]
        given += [] if data_tests else ["--exclude-resource-type", "test"]
    settings = dict(QUICK) if quick else {}
    if "--vars" in given:
        place = given.index("--vars")
        settings |= yaml.safe_load(given[place + 1])
        del given[place : place + 2]
    if settings:
        given += ["--vars", json.dumps(settings)]
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--no-use-colors",
            *given,
            "--target-path",
            str(folder / "target"),
            "--log-path",
            str(folder / "logs"),
        ],
        cwd=ROOT,
        env=places_env(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    return Build(
        folder=folder,
        landing=folder / "landing",
        warehouse=folder / "warehouse.duckdb",
        site=folder / "site",
        log=done.stdout + done.stderr,
        exit_code=done.returncode,
    )


def run_tribu(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the ``tribu`` command with all that it writes in ``folder``."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("tribu")), *arguments],
        cwd=ROOT,
        env=places_env(folder),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real exports; without it the test is skipped, or fails where they are required."""
    folder = Path(os.environ.get("TRIBU_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        message = f"no real exports at {folder}; set TRIBU_REAL_DATA to try them"
        if os.environ.get("TRIBU_REQUIRE_REAL_DATA"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def sample_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One ``dbt build`` with nothing landed, read by many tests: who builds again does so in a copy."""
    build = run_dbt(tmp_path_factory.mktemp("sample_build"), "build", unit_tests=True)
    assert build.exit_code == 0, build.log
    return build
