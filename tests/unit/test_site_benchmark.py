"""The benchmark of the site lands what it says, and weighs what it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb
import pytest
from benchmarks.population import POSTS_PER_AUTHOR, land_population
from benchmarks.process_tree import run_watched
from benchmarks.site.__main__ import OVERVIEW_BYTES, PAGE_BYTES, budget

MIB = 1024 * 1024


def test_a_population_is_landed_twice_alike(tmp_path: Path) -> None:
    drawn = []
    for name in ("first", "second"):
        assert land_population(tmp_path / name, 900, 90) == {"accounts": 900, "posts": 90 * POSTS_PER_AUTHOR}
        with duckdb.connect() as connection:
            accounts = tmp_path / name / "accounts" / "*.parquet"
            drawn.append(connection.execute(f"from '{accounts}' order by _row").fetchall())
    assert drawn[0] == drawn[1]
    assert len({row[2] for row in drawn[0]}) == 900


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("index.html", OVERVIEW_BYTES),
        ("fr/index.html", OVERVIEW_BYTES),
        ("fr/clusters/c01.html", PAGE_BYTES),
        ("quality.html", PAGE_BYTES),
    ],
)
def test_only_the_overview_has_the_larger_budget(page: str, most: int) -> None:
    assert budget(page) == most


def test_memory_of_children_is_counted(tmp_path: Path) -> None:
    child = "held = bytearray(96 * 2**20); held[::4096] = b'x' * len(held[::4096]); import time; time.sleep(2)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True); sys.exit(3)"
    done = run_watched([sys.executable, "-c", code], folder=tmp_path, env=os.environ)
    assert done.exit_code == 3
    assert 96 * MIB < done.peak_bytes < 400 * MIB
