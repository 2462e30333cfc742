"""The members of a cluster as a file to take away; names of columns are those of ``marts.dim_influencers``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Final

from tribu.report.cluster_rows import DownloadRow
from tribu.report.language import Language
from tribu.report.spreadsheet import csv_bytes

COLUMNS: Final = tuple(field.name for field in fields(DownloadRow) if field.name != "rank")
"""Columns of the file, in order."""


def cluster_file(rows: Sequence[DownloadRow], lang: Language) -> bytes:
    """Write the members of a cluster, in the order in which they are given."""
    return csv_bytes(COLUMNS, map(attrgetter(*COLUMNS), rows), lang)
