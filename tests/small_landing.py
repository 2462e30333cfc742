"""A landing and settings with which a build takes as little as one can: for tests of what surrounds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tests.conftest import run_tribu

SMALL: Final[dict[str, Any]] = {
    "pictures": [],
    "algorithms": ["kmeans"],
    "k_min": 2,
    "k_max": 3,
    "kmeans_restarts": 1,
    "resamples": 2,
    "null_draws": 1,
    "cluster_resamples": 2,
    "content_topics": 0,
    "lookalikes_count": 2,
    "map_points": 50,
}
"""Vars: one algorithm, few refits, no pictures."""


def people(count: int, first: int = 0) -> str:
    """CSV of so many influencers of three sizes, numbered from ``first``."""
    lines = ["platform,handle,account_id,followers,following,posts,avg_likes,avg_comments,observed_at"]
    for number in range(first, first + count):
        size = number % 3
        followers = int(10 ** (3 + size) * (0.8 + 0.4 * (number % 17) / 16))
        lines.append(
            f"instagram,person{number},{1000 + number},{followers},{100 + number % 700},{10 + number % 400},"
            f"{int(followers * 0.02 * (size + 1))},{int(followers * 0.001 * (size + 1))},2026-06-0{1 + number % 9}"
        )
    return "\n".join(lines) + "\n"


def import_people(folder: Path, count: int, first: int = 0) -> None:
    """Import so many into the landing of ``folder``."""
    file = folder / f"people-{first}.csv"
    file.write_text(people(count, first), encoding="utf-8")
    done = run_tribu(folder, "import", str(file))
    assert done.returncode == 0, done.stderr
