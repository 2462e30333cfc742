"""The members of a cluster as a CSV file that a spreadsheet opens with a double click.

A spreadsheet reads such a file by the habits of its reader's country. In French that is a semicolon between cells and
a comma before decimals: with commas between cells it shows a single column, and ``1.5`` becomes the first of May.
So each language has files of its own; names of columns and codes are those of ``marts.dim_influencers`` in both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Final

import pyarrow as pa

from tribu.report.cluster_rows import DownloadRow
from tribu.report.language import Language
from tribu.untrusted import defused_column

COLUMNS: Final = tuple(field.name for field in fields(DownloadRow) if field.name != "rank")
"""Columns of the file, in order."""

# Without it Excel takes UTF-8 for the code page of the machine.
_BYTE_ORDER_MARK: Final = "\ufeff"


def cluster_file(rows: Sequence[DownloadRow], lang: Language) -> bytes:
    """Write the members of a cluster as CSV, in UTF-8 with a byte order mark.

    Texts that a spreadsheet would run as a formula are defused. Numbers keep six significant digits, and what is not
    known is an empty cell.

    Parameters
    ----------
    rows
        The members, in the order of the file.
    lang
        Says what stands between cells and before decimals.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if lang.decimal_mark == "," else ",")
    writer.writerow(COLUMNS)
    writer.writerows(zip(*(_cells(rows, column, lang) for column in COLUMNS), strict=True))
    return (_BYTE_ORDER_MARK + file.getvalue()).encode()


def _cells(rows: Sequence[DownloadRow], column: str, lang: Language) -> list[str]:
    values = [getattr(row, column) for row in rows]
    if any(isinstance(value, str) for value in values):
        values = defused_column(pa.array(values, pa.string())).to_pylist()
    return [_cell(value, lang) for value in values]


def _cell(value: object, lang: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}".replace(".", lang.decimal_mark)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)
