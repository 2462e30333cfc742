"""Which encoding the bytes of a text are in, and how sure that is."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tribu.landing.files import InputFile
from tribu.landing.splitting import Bytes
from tribu.landing.wide_text import marked_encoding, transcode, zeros_of_utf16

UTF8: Final = ("utf-8", "utf-8-sig", "ascii")
"""Encodings that are read as they are."""

_LOOK: Final = 64 << 20
"""Bytes looked at in a file that is not UTF-8."""
_SURE: Final = 0.9
"""Share of bytes beyond ASCII that must be what cp1252 says they are. Names in Western European languages reach 1;
Polish, Turkish, Russian, Chinese or Korean in their own encodings stay below a half."""
_FEW: Final = 3
"""Bytes beyond ASCII that it takes to judge."""

_STEP: Final = 1 << 20
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_WESTERN: Final = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœŸ‘’".encode("cp1252")
# A letter or apostrophe, or two, that touch a letter; a word of one letter; or a sign that stands by itself.
_LIKELY: Final = re.compile(
    rb"(?<=[A-Za-z])[" + _WESTERN + rb"]{1,2}(?![\x80-\xff])|(?<![\x80-\xff])[" + _WESTERN + rb"]{1,2}(?=[A-Za-z])"
    rb"|(?<= )[\xc0\xc9\xe0\xe1\xe9\xf3](?= )"
    rb"|(?<![\x80-\xffA-Za-z])[\x80\x85\x93-\x97\xa3\xa9\xab\xae\xb0\xbb](?![\x80-\xff])"
)


@dataclass(frozen=True)
class Encoding:
    """A codec's name, and what a person should know about the choice (None where there is no doubt)."""

    name: str
    remark: str | None = None


def detect_encoding(file: InputFile) -> Encoding:
    """The encoding of a text file that no mapping declares: by its mark, as UTF-8, or by what its bytes look like.

    A file that is UTF-8 but for some bytes is UTF-8, and so is one of which nothing is sure: its other bytes are
    rejected record by record, or the file as a whole where they are most of it.
    """
    if name := marked_encoding(file.head):
        return Encoding(name, f"read as {name.upper()}, as its first bytes say")
    if file.has_nul:
        return _without_mark(file)
    if file.is_utf8:
        return Encoding("utf-8")
    with file.path.open("rb") as stream:
        data = stream.read(_LOOK)
    whole = sum(len(found) for found in _MULTIBYTE.findall(data))
    high = sum(len(found) for found in _HIGH.findall(data))
    if whole * 2 > high or high < _FEW:
        return Encoding("utf-8")
    # Latin-1 is no answer of its own: where the two differ, it has control characters that no text holds.
    likely = sum(len(found) for found in _LIKELY.findall(data))
    if likely < high * _SURE:
        return Encoding("utf-8")
    return Encoding(
        "cp1252",
        f"read as cp1252: {likely:,} of {high:,} bytes beyond ASCII ({likely / high:.0%}) are letters and signs where "
        "Western European text has them; declare `encoding` in a mapping if names look wrong",
    )


def _without_mark(file: InputFile) -> Encoding:
    found = zeros_of_utf16(file.head)
    if found is None:
        return Encoding("utf-8")
    name, share = found
    return Encoding(
        name,
        f"read as {name.upper()}: {share:.0%} of every second byte is zero; declare `encoding` in a mapping if that is "
        "wrong",
    )


def copy_as_utf8(file: InputFile, encoding: str, copy: Path) -> str | None:
    """Write ``copy``, the file in UTF-8; return its one kind of line end, None when it has several.

    A byte that is no text in ``encoding`` becomes one that is none in UTF-8 either, so that its record is rejected.
    """
    return transcode(file.path, encoding, copy).only()


class OriginalOffsets:
    """Offsets in a file of another encoding, from those in its copy in UTF-8 (0xFF there is a byte that is no text).

    Offsets are asked for in ascending order.
    """

    def __init__(self, file: InputFile, encoding: str) -> None:
        self._wide = 2 if encoding.startswith("utf-16") else 4 if encoding.startswith("utf-32") else 1
        # Where characters have different numbers of bytes, the copy does not tell.
        self.known = self._wide > 1 or _is_single_byte(encoding)
        marked = encoding in ("utf-16", "utf-32") and marked_encoding(file.head) is not None
        self._original = self._wide if marked else 0
        self._copied = 0

    def at(self, copy: Bytes, offset: int) -> int | None:
        """Offset in the original of ``offset`` in the copy."""
        if not self.known:
            return None
        while self._copied < offset:
            end = min(offset, self._copied + _STEP)
            data = np.frombuffer(copy[self._copied : end], dtype=np.uint8)
            stray = int(np.count_nonzero(data == 0xFF))
            characters = int(np.count_nonzero((data & 0xC0) != 0x80)) - stray
            # Beyond the 65,536 first characters, UTF-16 takes two units.
            pairs = int(np.count_nonzero((data >= 0xF0) & (data < 0xFF))) if self._wide == 2 else 0
            self._original += stray + self._wide * (characters + pairs)
            self._copied = end
        return self._original


def _is_single_byte(encoding: str) -> bool:
    # Every byte by itself is a character or none; in an encoding of several bytes some wait for more.
    decoder = codecs.getincrementaldecoder(encoding)
    for byte in range(256):
        try:
            if len(decoder().decode(bytes([byte]))) != 1:
                return False
        except UnicodeDecodeError:
            continue
    return True
