"""CSV that a spreadsheet opens with a double click.

A spreadsheet reads CSV by the habits of its reader's country: a French one wants a semicolon between cells and a
comma before decimals; with commas between cells it shows a single column, and ``1.5`` becomes the first of May. So each
language has files of its own; names of columns and codes are the same in both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from tribu.report.language import ENGLISH, Language
from tribu.untrusted import defused

# Without it Excel takes UTF-8 for the code page of the machine.
_BYTE_ORDER_MARK: Final = "\ufeff"


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]], lang: Language = ENGLISH) -> bytes:
    """Write rows as CSV, in UTF-8 with a byte order mark.

    Parameters
    ----------
    columns
        Names of the columns.
    rows
        Texts that a spreadsheet would run as a formula are defused; numbers keep ten significant digits; what is not
        known is an empty cell.
    lang
        Says what stands between cells and before decimals.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if lang.decimal_mark == "," else ",")
    writer.writerow(columns)
    writer.writerows([_written(value, lang) for value in row] for row in rows)
    # a broken surrogate in a foreign text must not stop a report
    return (_BYTE_ORDER_MARK + file.getvalue()).encode("utf-8", errors="replace")


def _written(value: object, lang: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        # a NUL ends the file for some readers
        return defused(value.replace("\0", ""))
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", lang.decimal_mark)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)
