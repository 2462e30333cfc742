"""Columns about people that Tribu does not group by and does not keep unasked. Pure but for its list of words.

Ethnicity, religion, sexuality, health, politics, age, gender, e-mail addresses and telephone numbers are told by the
header. The list is ``sensitive_words.csv``: whole words, beginnings of words, and parts of words in scripts that do not
set words apart.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

WORDS: Final = Path(__file__).with_name("sensitive_words.csv")

_CAMEL: Final = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_WORD: Final = re.compile(r"[^\W\d_]+")
# How long an account has been there is nobody's age.
_AGE_OF_ACCOUNT: Final = re.compile(r"\b(account|channel|page)s? age\b")


@cache
def sensitive_words() -> tuple[tuple[str, str, str], ...]:
    """Word, kind (``whole``, ``beginning`` or ``part``) and subject of every row of the list."""
    with WORDS.open(encoding="utf-8", newline="") as stream:
        return tuple((row["word"], row["kind"], row["subject"]) for row in csv.DictReader(stream))


def sensitive_subject(header: str) -> str | None:
    """What a header says of a person that is sensitive, such as ``gender``, or None."""
    words = _WORD.findall(_CAMEL.sub(" ", header).lower())
    words = _WORD.findall(_AGE_OF_ACCOUNT.sub(" ", " ".join(words)))
    for known, kind, subject in sensitive_words():
        for word in words:
            if (
                (kind == "whole" and word == known)
                or (kind == "beginning" and word.startswith(known))
                or (kind == "part" and known in word)
            ):
                return subject
    return None


def sensitive_columns(headers: Sequence[str]) -> dict[int, str]:
    """Index of every column whose header is sensitive, and the subject."""
    found = ((index, sensitive_subject(header)) for index, header in enumerate(headers))
    return {index: subject for index, subject in found if subject}
