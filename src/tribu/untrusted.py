"""What other people wrote, made harmless wherever it is shown or opened.

Handles, names and links come from the platforms and are hostile input: characters that reorder or hide text,
links that run code, cells that a spreadsheet would run.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import pyarrow as pa

DISPLAY_LIMIT: Final = 60
_LINK_LIMIT: Final = 2048
_LINK_SCHEMES: Final = frozenset({"http", "https"})

# Cc: controls; Cf: format characters, among them every bidi control and the zero-width ones; Cs, Co, Cn:
# surrogates, private use, unassigned. The joiners stay: emoji families and Persian or Indic words need them.
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT: Final = frozenset("\u200c\u200d")

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection), in full width too, as East Asian
# keyboards type it. White space before it is passed over, for some programs trim cells; a tab or a line break alone is
# enough for others. No-break and ideographic space stand as themselves: Python and RE2 spell their escapes differently.
_FORMULA_START: Final = "^(?:[ \\t\\r\\n\\f\\v\u00a0\u3000]*[=+\\-@＝＋－＠]|[\\t\\r\\n])"


def display_text(value: str | None, *, limit: int = DISPLAY_LIMIT) -> str | None:
    """Return ``value`` on one line, cut after ``limit``, without characters that hide or reorder text.

    Returns ``None`` when nothing visible is left.
    """
    if value is None:
        return None
    # A page needs the head of a text of any length; the factor leaves room for what is dropped or joined.
    visible = "".join(
        " " if character.isspace() else character
        for character in value[: limit * 20]
        if character in _KEPT or character.isspace() or unicodedata.category(character) not in _HIDDEN_CATEGORIES
    )
    text = " ".join(visible.split())
    if not text.strip("\u200c\u200d "):
        return None
    # More than two marks stacked on one letter is "zalgo" text, which paints over the rows around it.
    text = _limit_marks(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _limit_marks(text: str, most: int = 2) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run <= most:
            kept.append(character)
    return "".join(kept)


def safe_link(url: str | None) -> str | None:
    """Return ``url`` when it is a plain http or https address, else ``None``.

    Addresses with a user name (``https://instagram.com@elsewhere``), spaces, controls or backslashes are
    refused: browsers repair them, and the repaired address is not the one that was read.
    """
    if url is None or len(url) > _LINK_LIMIT:
        return None
    address = url.strip()
    if "\\" in address or any(not character.isprintable() or character.isspace() for character in address):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in _LINK_SCHEMES or not host or "@" in parts.netloc:
        return None
    return address


def defused(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; other texts come back as they are."""
    return f"'{text}" if re.match(_FORMULA_START, text) else text


def defused_column(column: pa.Array) -> pa.Array:
    """Do as `defused` to each text of a column; null and harmless text stay.

    Parameters
    ----------
    column
        Any Arrow array. Types other than text come back as they are: a number cannot be run.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    apostrophe, nothing = pa.scalar("'", column.type), pa.scalar("", column.type)
    dangerous = pc.match_substring_regex(column, _FORMULA_START)
    return pc.if_else(dangerous, pc.binary_join_element_wise(apostrophe, column, nothing), column)
