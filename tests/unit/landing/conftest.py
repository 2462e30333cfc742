"""Fixtures of the landing tests: an empty landing folder, files written in place, rows read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """A landing folder that does not exist yet."""
    return tmp_path / "data" / "landing"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of text or bytes below the test's folder and return its path."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def rows(landing: Path) -> Callable[[str], list[dict[str, Any]]]:
    """Rows of a landing table over all batches, in the order of the batches and their rows."""

    def read_rows(table: str) -> list[dict[str, Any]]:
        return [
            row
            for path in sorted((landing / table).glob("*.parquet"))
            for row in pq.ParquetFile(path).read().to_pylist()
        ]

    return read_rows


@pytest.fixture
def snapshot(landing: Path) -> Callable[[], dict[str, bytes | None]]:
    """Every name below the folder that holds landing, with the content of files."""

    def take() -> dict[str, bytes | None]:
        top = landing.parent
        return {str(path): path.read_bytes() if path.is_file() else None for path in top.rglob("*")}

    return take
