"""How long the terms of a network let what its interface gave be kept, and the removal of what is older.

Terms bind what `tribu collect` brought. A file that somebody imported is theirs, wherever it came from before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tribu.errors import ProjectError
from tribu.landing.erasure import erase
from tribu.landing.forgotten import Left
from tribu.landing.store import check_landing, open_batch

_VAR: Final = "retention_days"
_TABLES: Final = ("accounts", "posts", "rejects", "collections")


def read_retention(project: Path) -> dict[str, int]:
    """Read the var ``retention_days`` of a project: platform → days.

    Raises
    ------
    ProjectError
        When it is no whole number of days, at least one, for each platform.
    """
    import yaml  # dbt's own

    path = project / "dbt_project.yml"
    stated = yaml.safe_load(path.read_text(encoding="utf-8")).get("vars", {}).get(_VAR) or {}
    if not isinstance(stated, dict) or any(type(days) is not int or days < 1 for days in stated.values()):
        raise ProjectError(
            expected=f"a platform and a whole number of days, at least 1, in each entry of the var {_VAR}",
            got=f"{stated!r}",
            remedy=f"correct it in {path}",
        )
    return {str(platform): days for platform, days in stated.items()}


def expired_records(landing: Path, retention: Mapping[str, int], now: datetime) -> dict[tuple[str, str], int]:
    """Count what was landed longer ago than the terms of its network allow, and change nothing.

    Parameters
    ----------
    landing
        The landing folder; it may be missing.
    retention
        Platform → days.
    now
        The moment to count back from, in UTC without a zone, as landing states its own.

    Returns
    -------
    dict
        Platform and landing table → records; those without any are left out.
    """
    import pyarrow.dataset as ds

    counts: dict[tuple[str, str], int] = {}
    if not retention or not check_landing(landing):
        return counts
    for table in _TABLES:
        files = sorted(map(str, (landing / table).glob("*.parquet")))
        for platform, days in sorted(retention.items() if files else ()):
            condition = _expired(table, platform, now - timedelta(days=days))
            counts[(platform, table)] = ds.dataset(files).count_rows(filter=condition)
    return {place: count for place, count in counts.items() if count}


def expire(landing: Path, retention: Mapping[str, int], now: datetime) -> dict[tuple[str, str], int]:
    """Remove what `expired_records` counts, bytes included; what is left adds up as after `tribu forget`.

    Raises
    ------
    LandingError
        When landing is damaged, in use, or cannot be written.
    """
    found = expired_records(landing, retention, now)
    if found:
        with open_batch(landing) as writer:
            erase(writer, partial(_without_expired, retention=retention, now=now), platform=None)
    return found


def _without_expired(table: pa.Table, name: str, *, retention: Mapping[str, int], now: datetime) -> Left:
    if name not in _TABLES:
        return Left(table, Counter(), 0)
    terms = [_expired(name, platform, now - timedelta(days=days)) for platform, days in retention.items()]
    gone = table.filter(reduce(or_, terms))
    if not gone.num_rows:
        return Left(table, Counter(), 0)
    files = gone["_file_sha256"].to_pylist() if "_file_sha256" in gone.column_names else [""] * gone.num_rows
    # null is not true: what states no source or moment stays. Filters forget which columns are never null.
    kept = table.filter(~pc.coalesce(reduce(or_, terms), pc.scalar(False)))
    return Left(kept.cast(table.schema), Counter(files), 0)


def _expired(table: str, platform: str, before: datetime) -> pc.Expression:
    # Answers of a collection name their platform, records the interface that they came through.
    own = pc.field("platform") == platform if table == "collections" else pc.field("source") == f"{platform}_api"
    return own & (pc.field("_landed_at") < pa.scalar(before, pa.timestamp("us")))
