"""What one cell can be: a number as people write it, a date, a country, an address. Pure.

The forms are those that staging reads in SQL (``dbt_project/macros/parsing.sql``); here they are looked for before any
mapping says what a column is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

from tribu.landing.drafting.words import platform_hosts
from tribu.reference import country_names, fold

KNOWN_NULLS: Final = frozenset(
    [
        "",
        "-",
        "--",
        "—",
        "–",
        ".",
        "?",
        "n/a",
        "n/a'",
        "#n/a",
        "na",
        "n.a.",
        "nan",
        "<na>",
        "null",
        "(null)",
        "none",
        "nil",
        "undefined",
        "#valor!",
        "#value!",
        "#wert!",
        "#valeur!",
        "#ref!",
        "#div/0!",
        "#name?",
        "#num!",
        "inf",
        "-inf",
    ]
)
"""Spellings of "nothing" that staging knows without being told (macro ``null_if_blank``)."""

UNKNOWN_PLACES: Final = frozenset(
    ["unknown", "not available", "not set", "desconocido", "inconnu", "unbekannt", "0", "other", "others"]
)
POWERS: Final = {
    "k": 3,
    "thousand": 3,
    "tsd": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "mi": 6,
    "million": 6,
    "millions": 6,
    "millones": 6,
    "b": 9,
    "bn": 9,
    "md": 9,
    "mds": 9,
    "mrd": 9,
    "billion": 9,
    "billions": 9,
    "lakh": 5,
    "lac": 5,
    "crore": 7,
    "cr": 7,
    "万": 4,
    "萬": 4,
    "만": 4,
    "亿": 8,
    "億": 8,
    "억": 8,
}
"""Powers of ten that staging reads (macro ``number_suffixes``)."""

_BLANKS: Final = re.compile(r"[\s\x1f\u00a0\u2007\u2009\u202f'’]")
_NUMBER: Final = re.compile(
    r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})?([.]\d*)?(?:e([+-]?\d{1,2}))?("
    + "|".join(sorted(POWERS, key=len, reverse=True))
    + r")?(%)?",
    # Figures of other scripts are digits to Python, and no number to staging.
    re.ASCII,
)
# What a database reads as it stands, with any exponent.
_PLAIN: Final = re.compile(r"[+-]?(?:\d+[.]?\d*|[.]\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_COMMA: Final = re.compile(r"(^0,\d+|\d,\d{1,2}|\d,\d{4,}|\d{1,3}(\.\d{3}){2,}(,\d+)?|\d\.\d{3},\d+)$")
_POINT: Final = re.compile(
    r"(^0\.\d+|\d\.\d{1,2}|\d\.\d{4,}|\d{1,3}(,\d{3}){2,}(\.\d+)?|\d,\d{3}\.\d+|\d{1,2}(,\d{2})+,\d{3}(\.\d+)?)$"
)
_EITHER: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}$")
_THREE: Final = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:,?[ T]+\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap][.]?m[.]?)?)?", re.IGNORECASE
)
_ISO: Final = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_TIME: Final = r"(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap][.]?m[.]?)?)"
_WEEKDAY: Final = r"(?:[a-z]+[.]?,? )?"
_WRITTEN: Final = tuple(
    re.compile(form + rf"(?:,? (?:at |um |a )?{_TIME})?(?: ?(?:gmt|utc|z|[+-]\d{{2}}:?\d{{2}}))?")
    for form in (
        _WEEKDAY
        + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.])?[ -](?:de |of )?(?P<word>[a-z]{3,})"
        + r"[.]?(?:,| de)?[ -](?P<year>\d{4})",
        _WEEKDAY + r"(?P<word>[a-z]{3,})[.]? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})",
        r"(?P<year>\d{4})[年년.] ?(?P<month>\d{1,2})[月월.] ?(?P<day>\d{1,2})[日일.]?",
        rf"[a-z]{{3}} (?P<word>[a-z]{{3}}) +(?P<day>\d{{1,2}}) {_TIME} [+-]\d{{4}} (?P<year>\d{{4}})",
    )
)
"""Dates with the month in letters or between signs (macro ``date_in_figures``), without accents and capitals."""
MONTHS: Final = (
    "january janvier enero janeiro gennaio",
    "february fevrier febrero fevereiro febbraio",
    "march mars marzo marco marz mrz",
    "april avril abril aprile",
    "may mai mayo maio maggio",
    "june juin junio junho juni giugno",
    "july juillet julio julho juli luglio",
    "august aout agosto",
    "september septembre septiembre setembro settembre",
    "october octobre octubre outubro oktober ottobre",
    "november novembre noviembre novembro",
    "december decembre diciembre dezembro dezember dicembre",
)
"""Names of the months, of which three letters or more stand for it (macro ``month_names``)."""
_DURATION: Final = re.compile(r"P(?=.)(\d+D)?T?(\d+H)?(\d+M)?(\d+([.]\d+)?S)?|(\d{1,3}:)?\d{1,2}:\d{2}", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE: Final = re.compile(r"(\+|00)\d[\d ().-]{6,18}\d|\(?0\d{1,4}\)?[ ./-]\d[\d ./-]{4,14}\d")
_HANDLE: Final = re.compile(r"@?[A-Za-z0-9._-]{2,50}")
_ADDRESS: Final = re.compile(r"(?:https?://)?(?:www\.|m\.|vm\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})(/[^\s]*)?", re.IGNORECASE)
_POST_PATH: Final = re.compile(r"/(p|reel|reels|tv|watch|shorts|video|videos|status|posts|clip|v)(/|\?|$)|watch\?v=")
_CHANNEL: Final = re.compile(r"UC[\w-]{22}")
_BOOLEANS: Final = frozenset(
    [
        "true",
        "t",
        "yes",
        "y",
        "1",
        "1.0",
        "oui",
        "vrai",
        "sí",
        "si",
        "sim",
        "ja",
        "wahr",
        "verdadero",
        "x",
        "✓",
        "✔",
        "false",
        "f",
        "no",
        "n",
        "0",
        "0.0",
        "non",
        "faux",
        "não",
        "nao",
        "nein",
        "falsch",
        "falso",
        "是",
        "否",
        "예",
        "아니오",
    ]
)
_GENDERS: Final = frozenset(
    [
        "male",
        "female",
        "m",
        "f",
        "w",
        "h",
        "man",
        "woman",
        "männlich",
        "weiblich",
        "mann",
        "frau",
        "homme",
        "femme",
        "hombre",
        "mujer",
        "masculino",
        "feminino",
        "femenino",
        "other",
        "non-binary",
        "nonbinary",
        "unknown",
        "diverse",
        "d",
        "男",
        "女",
        "남",
        "여",
        "남성",
        "여성",
    ]
)
_NETWORK_WORDS: Final = frozenset(
    [
        "instagram",
        "insta",
        "ig",
        "youtube",
        "yt",
        "tiktok",
        "tt",
        "x",
        "twitter",
        "facebook",
        "fb",
        "twitch",
        "bluesky",
        "mastodon",
        "threads",
        "linkedin",
        "pinterest",
        "snapchat",
        "kick",
    ]
)


def is_null(text: str) -> bool:
    """Tell whether staging takes the cell for empty."""
    return text.strip().lower() in KNOWN_NULLS


def parse_number(text: str, *, comma: bool = False) -> float | None:
    """Number as staging reads it, or None; ``comma`` is for locales that write ``1.234,5``."""
    if not comma and _PLAIN.fullmatch(text.strip()) and math.isfinite(float(text)):
        return float(text)
    bare = _BLANKS.sub("", text.lower().replace("−", "-"))
    if comma:
        # `12 mil`: a thousand where the comma is decimal, a million in English, where it is not read
        bare = re.sub("mil$", "k", bare.translate(str.maketrans(",.", ".,")))
    found = _NUMBER.fullmatch(bare)
    if not found or not (found[2] or (found[3] and len(found[3]) > 1)):
        return None
    power = int(found[4] or 0) + (POWERS[found[5]] if found[5] else 0) - (2 if found[6] else 0)
    try:
        return float(f"{found[1]}{(found[2] or '').replace(',', '')}{found[3] or ''}e{power}")
    except (ValueError, OverflowError):
        return None


def separator(text: str) -> str | None:
    """Which mark is decimal in a number: ``,``, ``.``, ``?`` when it could be either, None when it holds neither."""
    bare = re.sub(r"(e[+-]?\d+)?[^\d.,]*$", "", _BLANKS.sub("", text.lower())).lstrip("+-")
    if "," not in bare and "." not in bare:
        return None
    if _EITHER.fullmatch(bare):
        return "?"
    if _COMMA.search(bare) and not _POINT.search(bare):
        return ","
    return "." if _POINT.search(bare) and not _COMMA.search(bare) else None


def is_scaled(text: str) -> bool:
    """Tell whether a number is written with a letter or word for thousands or millions."""
    found = _NUMBER.fullmatch(_BLANKS.sub("", text.lower()).translate(str.maketrans("", "", ",")))
    return bool(found and found[5])


def date_parts(text: str) -> tuple[int, int] | None:
    """First and second number of a date of three numbers that ends in the year."""
    found = _THREE.fullmatch(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def parse_date(text: str, order: str = "ymd") -> date | None:
    """Day that a cell means: ISO, ``20260131``, epoch, a month in letters, or three numbers in ``order``."""
    text = text.strip()
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if re.fullmatch(r"(19|20)\d{6}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if re.fullmatch(r"\d{9,10}([.]\d+)?|\d{12,13}", text):
            seconds = float(text) / (1000 if re.fullmatch(r"\d{12,13}", text) else 1)
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
        if (parts := date_parts(text)) and order in ("dmy", "mdy"):
            day, month = parts if order == "dmy" else parts[::-1]
            return date(int(_THREE.fullmatch(text)[3]), month, day)  # type: ignore[index]
        return date(*written) if (written := _written_date(text)) else None
    except (ValueError, OverflowError):
        return None


def _written_date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date with the month in letters or between signs; None where it is none."""
    if len(text) > 60 or (text.isascii() and not re.search(r"[A-Za-z]{3}|^\d{4}[.]", text)):
        return None
    # without accents, but syllables of Korean stay whole
    bare = unicodedata.normalize("NFC", re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", text.lower())))
    for form in _WRITTEN:
        if found := form.fullmatch(bare):
            named = found.groupdict()
            word = named.get("word")
            month = int(named["month"]) if word is None else _month(word)
            return (int(named["year"]), month, int(named["day"])) if month else None
    return None


def _month(word: str) -> int | None:
    return next((number for number, names in enumerate(MONTHS, 1) if f" {word}" in f" {names}"), None)


def is_email(text: str) -> bool:
    """Tell whether a cell is an e-mail address."""
    return bool(_EMAIL.fullmatch(text.strip()))


def is_date(text: str) -> bool:
    """Tell whether a cell is a date in any order; epoch seconds only between 2004 and 2035, as counts look alike."""
    found = parse_date(text) or parse_date(text, "dmy") or parse_date(text, "mdy")
    return found is not None and (not text.strip().isdecimal() or date(2004, 1, 1) <= found <= date(2035, 1, 1))


@cache
def _countries() -> dict[str, str]:
    return dict(country_names())


@cache
def country_code(text: str) -> str | None:
    """ISO code of a country named in any of the languages that staging knows, or None."""
    return _countries().get(fold(text))


@cache
def _languages() -> frozenset[str]:
    from babel import Locale

    names = {str(code) for code in Locale("en").languages if len(str(code)) == 2}
    for language in ("en", "fr", "es", "pt", "de", "ko", "zh"):
        names |= {fold(str(name)) for code, name in Locale(language).languages.items() if len(str(code)) <= 3}
    return frozenset(names | {"mandarin", "cantonese", "tagalog"})


@cache
def is_language(text: str) -> bool:
    """Tell whether a cell names a language: a code (``pt-BR``) or a name."""
    return fold(text) in _languages() or bool(
        re.fullmatch(r"[a-z]{2,3}[-_](?:[a-z]{4}[-_])?[a-z0-9]{2,3}", text.strip().lower())
        and text.strip()[:2].lower() in _languages()
    )


def address(text: str) -> tuple[str, bool] | None:
    """Host of a web address, and whether its path is that of a post."""
    found = _ADDRESS.fullmatch(text.strip())
    if not found or not (found[2] or text.strip().lower().startswith(("http", "www."))):
        return None
    return found[1].lower(), bool(found[2] and _POST_PATH.search(found[2]))


def platform_of_address(text: str) -> str | None:
    """Network to which an address belongs."""
    found = address(text)
    if not found:
        return None
    host = found[0]
    hosts = platform_hosts()
    return hosts.get(host) or next((name for end, name in hosts.items() if host.endswith("." + end)), None)


def kinds(text: str) -> frozenset[str]:
    """Every kind that the cell, which is not null, could be."""
    text = text.strip()
    low = text.lower()
    found: set[str] = set()
    number = parse_number(text)
    if number is None:
        number = parse_number(text, comma=True)
    if number is not None:
        found.add("number")
        found |= {"percent"} if "%" in text else set()
        found |= {"scaled"} if is_scaled(text) else set()
        found |= {"integer"} if re.fullmatch(r"[+-]?\d+", text) else set()
    if low in _BOOLEANS:
        found.add("boolean")
    if low in _GENDERS:
        found.add("gender")
    if low in _NETWORK_WORDS:
        found.add("platform")
    if is_date(text):
        found.add("date")
    if _DURATION.fullmatch(text):
        found.add("duration")
    if is_email(text):
        found.add("email")
    elif _PHONE.fullmatch(text) and "date" not in found:
        found.add("phone")
    elif (place := address(text)) is not None:
        found |= {"address", "post_address"} if place[1] else {"address"}
    found |= _name_kinds(text, low) - ({"handle", "low_handle"} if number is not None else set())
    if not found & {"number", "address", "email", "date"} and any(mark.isalpha() for mark in text):
        found.add("text")
    return frozenset(found)


def _name_kinds(text: str, low: str) -> set[str]:
    found: set[str] = set()
    if len(text) <= 60 and not text.isdecimal():
        found |= {"country"} if country_code(text) else set()
        found |= {"language"} if is_language(text) else set()
    if _HANDLE.fullmatch(text) and any(mark.isalpha() for mark in text):
        found.add("handle")
        # Names are written with capitals and spaces; handles mostly are not.
        found |= {"low_handle"} if low == text and not text.isalpha() else set()
        found |= {"at_handle"} if text.startswith("@") else set()
    if _CHANNEL.fullmatch(text):
        found.add("channel_id")
    elif re.fullmatch(r"[\w-]{11}", text) and not text.isalpha() and low != text:
        found.add("code11")
    if re.fullmatch(r"\d{17,19}", text):
        found.add("long_id")
    if text.startswith(("[", "{")) and text.endswith(("]", "}")):
        found.add("list")
    if re.search(r"(^|[\s,])#[^\s#\d]\S*", text):
        found.add("hashtag")
    if len(text) > 70 or text.count(" ") > 9:
        found.add("long")
    return found
