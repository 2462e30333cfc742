"""Collecting from a server of the tests, and reading what landed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.networks.server import NetworkServer
from tribu.collect.collecting import CollectResult, collect, open_network, read_handles
from tribu.collect.transport import Patience

IMPATIENT = Patience(longest_wait=5, attempts=3, backoff=0.01, connect=2, read=2, whole=2)


def collected(
    folder: Path,
    server: NetworkServer,
    asked: list[str],
    *,
    platform: str = "bluesky",
    posts: int = 200,
    **options: Any,
) -> CollectResult:
    """One run into the folder's landing."""
    return collected_at(folder, server.url, asked, platform=platform, posts=posts, **options)


def collected_at(
    folder: Path, url: str, asked: list[str], *, platform: str, posts: int, **options: Any
) -> CollectResult:
    """One run from a server that is not one of ours."""
    network = open_network(platform, url)
    options.setdefault("patience", IMPATIENT)
    return collect(folder / "landing", network, read_handles(network, asked), posts=posts, **options)


def landed(folder: Path, table: str) -> pa.Table:
    """All rows of a landing table, the oldest batch first."""
    paths = sorted((folder / "landing" / table).glob("*.parquet"))
    # files of imports and of collections differ in which columns are never null
    return pa.concat_tables([pq.ParquetFile(path).read() for path in paths], promote_options="permissive")
