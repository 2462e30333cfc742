"""What a header says: its words, looked up in ``words.yml`` in seven languages and in similar spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Final

from tribu.reference import fold

_WORDS: Final = Path(__file__).with_name("words.yml")
_CAMEL: Final = re.compile(r"(?<=[a-zß-ÿ0-9])(?=[A-ZÀ-Þ][a-zß-ÿ])|(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_APART: Final = re.compile(r"[^\w]+|_+")
_CJK: Final = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
_SIMILAR: Final = 0.85
"""Likeness (Ratcliff and Obershelp) from which a word of five letters or more counts as a known one misspelt."""
_STRANGER: Final = 0.3
"""What is left of a header's evidence when a word in it says that it is about something else."""


@dataclass(frozen=True)
class HeaderMeaning:
    """What one header may mean.

    Attributes
    ----------
    columns
        Landing column → evidence, 0 to 1. Counts without "average" or "total" stand in ``measures`` alone.
    measures
        Measure (``likes``, ``views``, …) → evidence.
    qualifier
        ``average``, ``total`` or None.
    units
        Units that a word of the header names.
    of_account
        A word says that the column is about the account (``channel title``).
    is_strange
        A word says that it is about something else (a rank, a change).
    is_rate
        A count in relation to another one (``like rate``, ``likes/followers``).
    is_moment
        Nothing but words for a moment (``timestamp``).
    """

    columns: dict[str, float] = field(default_factory=dict)
    measures: dict[str, float] = field(default_factory=dict)
    qualifier: str | None = None
    units: frozenset[str] = frozenset()
    of_account: bool = False
    is_strange: bool = False
    is_rate: bool = False
    is_moment: bool = False


@dataclass(frozen=True)
class _Vocabulary:
    columns: dict[str, tuple[tuple[str, ...], ...]]
    measures: dict[str, tuple[tuple[str, ...], ...]]
    qualifiers: dict[str, tuple[tuple[str, ...], ...]]
    stranger: tuple[tuple[str, ...], ...]
    filler: tuple[tuple[str, ...], ...]
    rate: tuple[tuple[str, ...], ...]
    moment: tuple[tuple[str, ...], ...]
    accounts: tuple[tuple[str, ...], ...]
    units: dict[str, tuple[tuple[str, ...], ...]]


def split_words(text: str) -> tuple[str, ...]:
    """Words of a header: lower case, no accents, apart at punctuation and between small and capital letters."""
    return _split(_CAMEL.sub(" ", text))


def _split(text: str) -> tuple[str, ...]:
    return tuple(word for word in _APART.split(fold(text.replace("\ufeff", ""))) if word)


@cache
def _file() -> dict[str, Any]:
    import yaml

    # Text as written: `no` and `on` are words here, not booleans.
    read: dict[str, Any] = yaml.load(_WORDS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return read


def _phrases(words: list[str]) -> tuple[tuple[str, ...], ...]:
    split = {split_words(word) for word in words}
    return tuple(sorted((one for one in split if one), key=lambda one: (-len(one), one)))


@cache
def _vocabulary() -> _Vocabulary:
    read = _file()

    def by_language(section: dict[str, dict[str, list[str]]]) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {name: _phrases([word for words in of.values() for word in words]) for name, of in section.items()}

    return _Vocabulary(
        columns=by_language(read["columns"]),
        measures=by_language(read["measures"]),
        qualifiers={name: _phrases(read[name]) for name in ("average", "total")},
        stranger=_phrases(read["stranger"]),
        filler=_phrases(read["filler"]),
        rate=_phrases(read["rate"]),
        moment=_phrases(read["moment"]),
        accounts=_phrases(read["prefixes_of_accounts"]),
        units={name: _phrases(words) for name, words in read["units"].items()},
    )


@cache
def platform_words() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Platform → words that point at it, in headers and names of files."""
    return {name: _phrases(of["words"]) for name, of in _file()["platforms"].items()}


@cache
def platform_hosts() -> dict[str, str]:
    """Host of a network's addresses → platform."""
    return {host: name for name, of in _file()["platforms"].items() for host in of["hosts"]}


def contains_phrase(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Tell whether ``phrase`` stands in ``words``, its words one after the other."""
    return bool(_places(words, phrase))


def _places(words: tuple[str, ...], phrase: tuple[str, ...]) -> set[int]:
    """Characters of the joined header that ``phrase`` covers, as far as it is there."""
    if any(_CJK.search(word) for word in phrase):
        # Nothing parts words there: 平均播放量 holds 平均 and 播放.
        joined, sought = "".join(words), "".join(phrase)
        start = joined.find(sought)
        return set(range(start, start + len(sought))) if start >= 0 else set()
    start = 0
    for index in range(len(words)):
        if words[index : index + len(phrase)] == phrase:
            return set(range(start, start + sum(map(len, phrase))))
        start += len(words[index])
    return set()


def _all_places(words: tuple[str, ...], phrases: tuple[tuple[str, ...], ...]) -> set[int]:
    return {place for phrase in phrases for place in _places(words, phrase)}


def _similar_places(words: tuple[str, ...], phrases: tuple[tuple[str, ...], ...]) -> set[int]:
    start = 0
    for word in words:
        for phrase in phrases:
            if len(phrase) == 1 and len(word) >= 5 and len(phrase[0]) >= 5:
                matcher = SequenceMatcher(None, word, phrase[0])
                if matcher.quick_ratio() >= _SIMILAR and matcher.ratio() >= _SIMILAR:
                    return set(range(start, start + len(word)))
        start += len(word)
    return set()


def read_header(header: str) -> HeaderMeaning:
    """What the words of ``header`` say.

    The evidence for a meaning is full when every word of the header belongs to it, is a qualifier or says nothing, and
    falls with the share of letters that do not.
    """
    found = _read_words(header, split_words(header))
    if found.columns or found.measures:
        return found
    # `youTuber` is one word to who wrote it.
    return _read_words(header, _split(header))


def _read_words(header: str, words: tuple[str, ...]) -> HeaderMeaning:
    known = _vocabulary()
    if not words:
        return HeaderMeaning()
    length = sum(map(len, words))
    qualifiers = {name: _all_places(words, phrases) for name, phrases in known.qualifiers.items()}
    # The `media` of a media count is no mean, which is what it says in Spanish and Italian beside another word.
    measured = max((_places(words, one) for of in known.measures.values() for one in of), key=len, default=set())
    qualifier = next((name for name, places in qualifiers.items() if places - measured), None)
    stranger = _all_places(words, known.stranger)
    filler = _all_places(words, known.filler)
    accounts = _all_places(words, known.accounts)
    for phrases in platform_words().values():
        filler |= _all_places(words, tuple(phrase for phrase in phrases if len(phrase[0]) > 1))

    def strange(places: set[int]) -> float:
        return _STRANGER if stranger - places else 1.0

    def evidence(phrases: tuple[tuple[str, ...], ...], beside: set[int]) -> float:
        best = 0.0
        for phrase in phrases:
            if places := _places(words, phrase):
                covered = len(places | beside) / length
                # A word that is all of the header beats the same word among fillers, by little.
                best = max(best, (0.4 + 0.55 * covered + 0.05 * len(places) / length) * strange(places))
        return best

    def misspelt(phrases: tuple[tuple[str, ...], ...], beside: set[int]) -> float:
        places = _similar_places(words, phrases)
        return 0.85 * (0.45 + 0.55 * len(places | beside) / length) * strange(places) if places else 0.0

    of_measures = filler | accounts | (qualifiers[qualifier] if qualifier else set())
    columns: dict[str, float] = {}
    measures: dict[str, float] = {}
    for way in (evidence, misspelt):
        columns = {name: found for name, phrases in known.columns.items() if (found := way(phrases, filler))}
        measures = {name: found for name, phrases in known.measures.items() if (found := way(phrases, of_measures))}
        # Spelling is looked at only where nothing is spelt right: `video` is no slip for `videos` in `video views`.
        if columns or measures:
            break
    return HeaderMeaning(
        columns=columns,
        measures=measures,
        qualifier=qualifier,
        units=frozenset(_units(header, words)),
        of_account=bool(accounts) and len(accounts) < length,
        is_strange=bool(stranger),
        is_rate=bool(_all_places(words, known.rate)) or ("/" in header and len(measures) > 1),
        is_moment=len(_all_places(words, known.moment)) == length,
    )


def _units(header: str, words: tuple[str, ...]) -> set[str]:
    found = {name for name, phrases in _vocabulary().units.items() if any(_places(words, one) for one in phrases)}
    return found | ({"percent"} if "%" in header else set())
