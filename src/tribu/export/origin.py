"""Where an export comes from, told in every folder that is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tribu.folders import FolderKind

MARKER: Final = "tribu-export.json"
"""The file by which a folder is known to be an export, and so may be replaced."""

VERSION: Final = 1
"""Raised when a file or a key changes its meaning or goes."""


@dataclass(frozen=True)
class Origin:
    """The build that an export was made from."""

    cluster_run_id: str
    built_at: datetime
    source_kind: str

    @property
    def is_sample(self) -> bool:
        """Whether the influencers are synthetic."""
        return self.source_kind == "sample"

    def sentences(self) -> list[str]:
        """Say in plain text what the rows are and of when; the first line warns of a synthetic sample."""
        warning = ["SYNTHETIC SAMPLE: nobody in these files exists."] if self.is_sample else []
        return [
            *warning,
            f"Clustering run {self.cluster_run_id}, build of {self.built_at:%Y-%m-%d %H:%M} UTC,"
            f" made from {'the synthetic sample' if self.is_sample else 'what was landed'}.",
        ]


def export_kind(form: str, noun: str) -> FolderKind:
    """Say how a folder of one form of export is known; each form replaces its own kind only."""
    return FolderKind(noun=noun, marker=MARKER, format=f"tribu-export-{form}")


def write_marker(folder: Path, kind: FolderKind, origin: Origin, tables: Mapping[str, Any]) -> None:
    """Write the file that makes the folder an export, with what a program may want to know of it.

    Nothing in it depends on the moment of the export: the same warehouse gives the same file.
    """
    told = {
        "format": kind.format,
        "version": VERSION,
        "cluster_run_id": origin.cluster_run_id,
        "built_at": origin.built_at.isoformat(),
        "source_kind": origin.source_kind,
        "tables": tables,
    }
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    (folder / kind.marker).write_text(text, encoding="utf-8", newline="\n")
