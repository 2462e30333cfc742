"""Excel workbooks (.xlsx, .xlsm), row by row: values as they are stored; nothing in them is computed, opened or run."""

from __future__ import annotations

import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tribu.errors import InputFileError
from tribu.landing.archives import DAMAGE
from tribu.landing.limits import MAX_COLUMNS, MAX_ROWS_IN_SHEET, MAX_SHARED_TEXT, MAX_WORKBOOK

EXACT_DIGITS: Final = 10.0**15
"""Whole numbers from this one on lose digits in Excel, which keeps 15."""

_SMALLER: Final = "save the sheet as CSV UTF-8 and import that"


def sheet_names(path: Path, label: str) -> list[str]:
    """Names of the sheets that hold cells, in their order, hidden ones too.

    Raises
    ------
    InputFileError
        When the workbook is damaged, protected or too large.
    """
    with _opened(path, label) as workbook:
        return [sheet.title for sheet in workbook.worksheets if _has_cells(sheet)]


def sheet_rows(path: Path, label: str, sheet: str, rounded: Counter[int] | None = None) -> Iterator[list[str]]:
    """Rows of a sheet as texts, without the empty cells at their ends; empty rows too.

    Parameters
    ----------
    rounded
        Counts, by column, the whole numbers that are stored with fewer digits than they have.

    Raises
    ------
    InputFileError
        As :func:`sheet_names`, and when a row has too many cells or the sheet too many rows.
    """
    with _opened(path, label) as workbook:
        for number, values in enumerate(_values(workbook[sheet]), start=1):
            if number > MAX_ROWS_IN_SHEET:
                raise InputFileError(
                    expected=f"at most {MAX_ROWS_IN_SHEET:,} rows in {label}", got="more", remedy=_SMALLER
                )
            if rounded is not None:
                rounded.update(column for column, value in enumerate(values) if _is_rounded(value))
            cells = [_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise InputFileError(
                    expected=f"at most {MAX_COLUMNS:,} columns in {label}",
                    got=f"{len(cells):,} in row {number}",
                    remedy="check the export; keep the columns that matter",
                )
            yield cells


@contextmanager
def _opened(path: Path, label: str) -> Iterator[Any]:
    _check_size(path, label)
    from openpyxl import load_workbook

    try:
        # A stream and not a path, whose ending would have to be that of a workbook.
        with path.open("rb") as stream, warnings.catch_warnings():
            # Of extensions that it leaves out: none of them holds a value of a cell.
            warnings.simplefilter("ignore")
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False, keep_vba=False)
            yield workbook
            workbook.close()
    except (InputFileError, GeneratorExit):
        raise
    # Whatever a damaged workbook makes the reader stumble over: it promises no exceptions of its own.
    except Exception as error:
        raise InputFileError(
            expected=f"a whole Excel workbook in {label}",
            got=f"a damaged ZIP archive or Excel workbook: {type(error).__name__}: {error}"[:300],
            remedy="open it in a spreadsheet program and save it again, or save the sheet as CSV UTF-8",
        ) from error


def _check_size(path: Path, label: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            # Python reads no more of a member than is declared here, whatever it unpacks to.
            sizes = {member.filename: member.file_size for member in archive.infolist()}
    except (OSError, *DAMAGE) as error:
        raise InputFileError(
            expected=f"a whole Excel workbook in {label}", got=str(error), remedy="download or save it again"
        ) from error
    for allowed, size, what in (
        (MAX_WORKBOOK, sum(sizes.values()), "in all"),
        (MAX_SHARED_TEXT, sizes.get("xl/sharedStrings.xml", 0), "of texts"),
    ):
        if size > allowed:
            raise InputFileError(
                expected=f"at most {allowed:,} bytes {what} in the workbook {label}", got=f"{size:,}", remedy=_SMALLER
            )


def _has_cells(sheet: Any) -> bool:
    rows = zip(range(MAX_ROWS_IN_SHEET), _values(sheet), strict=False)
    return any(value is not None and value != "" for _, values in rows for value in values)


def _values(sheet: Any) -> Iterator[tuple[Any, ...]]:
    # What a sheet says of its own size may be wrong, and then rows are cut.
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(values_only=True))


def _is_rounded(value: Any) -> bool:
    # As a float it was written with a decimal point or an exponent, and from here on not every whole number has one.
    return isinstance(value, float) and EXACT_DIGITS <= abs(value) < float("inf")


def _text(value: Any) -> str:
    """A cell's stored value: whole numbers in all their digits, dates in ISO, formulas by their last result."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # 4.758E8 and 475800000.0 are how a program writes the number 475800000.
        number = format(Decimal(repr(value)), "f")
        return number[:-2] if number.endswith(".0") else number
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.6f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
