"""What commands print: aligned tables, or JSON for programs. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence


def aligned_table(header: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    """Lay out a table for a terminal: numbers to the right with thousands separated, text to the left.

    Parameters
    ----------
    header
        One name per column.
    rows
        Cells, as many as the header has.
    """
    shown = [[f"{cell:,}" if isinstance(cell, int) else " ".join(cell.split()) for cell in row] for row in rows]
    right = [bool(rows) and all(isinstance(row[column], int) for row in rows) for column in range(len(header))]
    widths = [max(len(row[column]) for row in [list(header), *shown]) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in [list(header), *shown]
    )


def as_json(value: object) -> str:
    """JSON as the ``--json`` of every command prints it: indented, in order, dates as ISO."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=lambda moment: moment.isoformat())
