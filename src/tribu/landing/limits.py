"""What an import refuses because of its size, each with its reason. An honest export stays far below all of them."""

from __future__ import annotations

from typing import Final

MAX_RECORD: Final = 2_000_000
"""Bytes that a record may have, as in DuckDB. A quotation mark not closed within them is taken for a stray one."""

MAX_RAW_TEXT: Final = 16_000_000
"""Bytes of a rejected record that are kept: rejects are rows that people look at, and a cell of 100 MB is none."""

MAX_COLUMNS: Final = 10_000
"""Columns of a table; a spreadsheet has 16,384 at most. More are data where a header is expected, and DuckDB plans
a statement with a million columns for hours."""

HEADER_BYTES: Final = 1 << 18
"""Bytes in which the header must end: 10,000 columns of 26 characters."""

HEADER_ROWS: Final = 30
"""Records that a header is looked for in: titles, notes and filters above a table take fewer."""

MAX_ROWS_IN_SHEET: Final = 1_048_576
"""Rows of a worksheet, by the standard. A damaged one may claim any number, and each empty row costs time."""

MAX_DEPTH: Final = 64
"""Levels of JSON in JSON. Exports have five; Python's parser gives up at about a thousand."""

MAX_UNPACKED: Final = 50_000_000_000
"""Bytes that the archives of one import may unpack to: ten times the largest list that Tribu is tried on."""

MAX_RATIO: Final = 200
"""How much smaller than its content a packed file may be. Lists of influencers shrink to a tenth, at most to a
fortieth; deflate reaches 1,032, on nothing but zeros."""

RATIO_FROM: Final = 100_000_000
"""Unpacked bytes from which the ratio counts: below, a bomb does no harm and a small repetitive file may be honest."""

MAX_MEMBERS: Final = 100_000
"""Files in an archive."""

MAX_WORKBOOK: Final = 2_000_000_000
"""Bytes of XML in a workbook: a full sheet of twenty columns has 1 GB."""

MAX_SHARED_TEXT: Final = 500_000_000
"""Bytes of the table of texts in a workbook, which is held in memory as a whole."""
