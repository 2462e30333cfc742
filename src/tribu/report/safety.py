"""What other people wrote, made harmless in a page.

Autoescape already makes markup inert, and `tribu.untrusted` takes care of text and links everywhere; this module
takes care of JSON inside a script element, and of the small markup language of Plotly's labels.
"""

from __future__ import annotations

import json
from typing import Any, Final

from markupsafe import Markup

from tribu.untrusted import DISPLAY_LIMIT, display_text, safe_link

__all__ = ["DISPLAY_LIMIT", "display_text", "plotly_text", "safe_link", "script_json"]

_JSON_ESCAPES: Final = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    ord("\u2028"): "\\u2028",
    ord("\u2029"): "\\u2029",
}


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
