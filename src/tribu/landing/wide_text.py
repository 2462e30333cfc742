"""Text of two or four bytes per character: known by its mark or its zeros, and copied into UTF-8."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from tribu.landing.records import NewlineCounter

MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What text of several bytes per character may begin with. Those of UTF-32 first: one begins with one of UTF-16."""

_STEP: Final = 1 << 20
_MARKED: Final = "tribu-marked"
"""Name of the error handler that writes 0xFF for a byte that is no text."""


def marked_encoding(head: bytes) -> str | None:
    """The encoding that the first bytes of a file state, UTF-8 aside."""
    return next((name for mark, name in MARKS if head.startswith(mark)), None)


def zeros_of_utf16(head: bytes) -> tuple[str, float] | None:
    """UTF-16 without its mark, and the share of every second byte that is zero: nearly all, and hardly any other."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    for name, zero, other in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zero >= 0.7 * half and other <= 0.01 * half:
            return name, zero / half
    return None


def transcode(source: Path, encoding: str, target: Path) -> NewlineCounter:
    """Write ``target``, the text of ``source`` in UTF-8; return its line ends.

    A byte that is no text in ``encoding`` becomes one that is none in UTF-8 either, so that its record is rejected.
    """
    newlines = NewlineCounter()
    with source.open(encoding=encoding, newline="", errors=_MARKED) as text, target.open("wb") as copy:
        while part := text.read(_STEP):
            chunk = part.encode("utf-8", errors="surrogateescape")
            newlines.update(chunk)
            copy.write(chunk)
    return newlines


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\udcff" * (error.end - error.start), error.end


codecs.register_error(_MARKED, _mark)
