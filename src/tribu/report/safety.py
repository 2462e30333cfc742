"""What other people wrote, made harmless for display.

Handles, names and links come from the platforms and are hostile input. Autoescape already makes markup inert;
this module takes care of what autoescape does not see: characters that reorder or hide text, links that run
code, JSON inside a script element, and the small markup language of Plotly's labels.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

DISPLAY_LIMIT: Final = 60
_LINK_LIMIT: Final = 2048
_LINK_SCHEMES: Final = frozenset({"http", "https"})

# Cc: controls; Cf: format characters, among them every bidi control and the zero-width ones; Cs, Co, Cn:
# surrogates, private use, unassigned. The joiners stay: emoji families and Persian or Indic words need them.
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT: Final = frozenset("\u200c\u200d")
_JSON_ESCAPES: Final = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    ord("\u2028"): "\\u2028",
    ord("\u2029"): "\\u2029",
}


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


def script_json(value: Any) -> Markup:
    """Serialise ``value`` for a ``<script type="application/json">`` element.

    The text can hold neither ``</script>`` nor ``<!--``, since ``<``, ``>``, ``&`` and the two line
    separators are written as escapes that JSON reads back.

    Raises
    ------
    ValueError
        When a number is not finite: such JSON does not parse in a browser.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(_JSON_ESCAPES))  # noqa: S704 - escaped on this line, for this place only


def plotly_text(value: str) -> str:
    """Escape ``value`` for Plotly's labels, which read a subset of HTML (``<b>``, ``<br>``, ``<a href>``)."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
