"""Numbers, dates and units as text: pure functions that know the edges.

None of them ever returns ``nan``, ``inf``, ``None`` or ``-0``. What is not known is ``NOT_KNOWN``; the
component that shows it adds the words for a screen reader.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Final

from tribu.report.language import ENGLISH, MINUS, NO_BREAK_SPACE, Language

NOT_KNOWN: Final = "–"

_THOUSAND: Final = 1_000
_COMPACT_STEPS: Final = (1_000_000_000, 1_000_000, _THOUSAND)
_SMALL_RATIO: Final = 0.01


def _number(value: float, decimals: int, lang: Language) -> str:
    # Babel gives the marks and not the digits: its format_decimal refuses numbers of more than 28 digits.
    text = f"{abs(value):,.{decimals}f}"
    text = text.replace(",", "\0").replace(".", lang.decimal_mark).replace("\0", lang.group_mark)
    # The sign is decided after rounding: -0.04 with one decimal is 0.0, not -0.0.
    return MINUS + text if round(value, decimals) < 0 else text


def format_integer(value: float | None, *, lang: Language = ENGLISH) -> str:
    """Write a count in full: ``1,234``."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return _number(value, 0, lang)


def format_compact(value: float | None, *, lang: Language = ENGLISH) -> str:
    """Write a count in three or four characters: ``950``, ``12.3k``, ``1.2M``, ``3.4B``; ``3,4 Md`` in French.

    Below 1,000 a whole number has no decimal and a median between two counts has one. The unit is chosen
    after rounding, so that 999,960 is ``1.0M`` and never ``1000.0k``.
    """
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    size = abs(value)
    if size < 999.5:
        whole = float(value).is_integer() or size >= 100
        return _number(value, 0 if whole else 1, lang)
    step = next((step for step in _COMPACT_STEPS if size >= step * 0.99995), _THOUSAND)
    scaled = value / step
    return _number(scaled, 0 if abs(scaled) >= 1000 else 1, lang) + lang.compact_suffix(step)


def format_percent(ratio: float | None, *, lang: Language = ENGLISH) -> str:
    """Write a ratio as a percentage: 0.0123 is ``1.2 %``, with a space that does not break.

    Under one per cent two decimals are kept, since engagement rates live there. What is not quite nothing or
    not quite all is never rounded to ``0 %`` or ``100 %``: it is ``< 0.01 %`` or ``> 99.9 %``.
    """
    if ratio is None or not math.isfinite(ratio * 100):
        return NOT_KNOWN
    unit = f"{lang.unit_space}%"
    if ratio in {0, 1}:
        return _number(ratio * 100, 0, lang) + unit
    if 0.9995 <= ratio < 1:
        return f">{NO_BREAK_SPACE}{_number(99.9, 1, lang)}{unit}"
    if 0 < ratio < 0.00005:
        return f"<{NO_BREAK_SPACE}{_number(0.01, 2, lang)}{unit}"
    decimals = 2 if abs(ratio) < _SMALL_RATIO else 1 if abs(ratio) < 10 else 0
    return _number(ratio * 100, decimals, lang) + unit


def format_points(ratio: float, *, lang: Language = ENGLISH) -> str:
    """Write a bound that somebody has set as a percentage with the decimals that it needs: 0.1 is ``10 %``."""
    text = f"{ratio * 100:.4f}".rstrip("0").rstrip(".")
    return _number(ratio * 100, len(text.partition(".")[2]), lang) + f"{lang.unit_space}%"


def format_decimal(value: float | None, *, decimals: int, signed: bool = False, lang: Language = ENGLISH) -> str:
    """Write a number with so many decimals, and with ``+`` where it is ``signed`` and above nothing."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    text = _number(value, decimals, lang)
    return f"+{text}" if signed and round(value, decimals) > 0 else text


def format_size(size_bytes: int, *, lang: Language = ENGLISH) -> str:
    """Write the size of a file in thousands or millions of bytes: ``12 kB``, ``3.4 MB``; ``3,4 Mo`` in French.

    A file that is not empty is never ``0 kB``.
    """
    unit = "o" if lang.code == "fr" else "B"
    if size_bytes >= 999_500:
        return f"{_number(size_bytes / 1_000_000, 1, lang)}{lang.unit_space}M{unit}"
    thousands = max(size_bytes / _THOUSAND, 1.0) if size_bytes else 0.0
    return f"{_number(thousands, 0, lang)}{lang.unit_space}k{unit}"


def format_days(days: float | None, *, lang: Language = ENGLISH) -> str:
    """Write a duration in days: ``1 day``, ``3.5 days``, ``120 days``."""
    if days is None or not math.isfinite(days):
        return NOT_KNOWN
    decimals = 0 if float(days).is_integer() or abs(days) >= 10 else 1
    message = lang.ngettext("%(number)s day", "%(number)s days", lang.plural_count(round(days, decimals)))
    return (message % {"number": _number(days, decimals, lang)}).replace(" ", NO_BREAK_SPACE, 1)


def format_rate(per_week: float | None, *, lang: Language = ENGLISH) -> str:
    """Write a rhythm in events per week: ``3.4``; the unit stands in the heading of the column."""
    if per_week is None or not math.isfinite(per_week):
        return NOT_KNOWN
    if 0 < per_week < 0.05:
        return f"<{NO_BREAK_SPACE}{_number(0.1, 1, lang)}"
    return _number(per_week, 1, lang)


def format_score(value: float | None, *, lang: Language = ENGLISH) -> str:
    """Write a score between −1 and 1 with two decimals: ``0.42``."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return _number(value, 2, lang)


def format_deviation(z: float | None, *, lang: Language = ENGLISH) -> str:
    """Write a robust z with its sign: ``+1.3``, ``−0.4``, ``0.0``; from 10 on without a decimal."""
    if z is None or not math.isfinite(z):
        return NOT_KNOWN
    decimals = 1 if abs(z) < 9.95 else 0
    text = _number(z, decimals, lang)
    return f"+{text}" if round(z, decimals) > 0 else text


def format_flag(value: float | None, *, lang: Language = ENGLISH) -> str:
    """Write yes or no, the value or the median of many: ``yes`` where more than half have it."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    if value == 0.5:
        return lang.gettext("half")
    return lang.gettext("yes") if value > 0.5 else lang.gettext("no")


def format_measure(value: float | None, unit: str, *, lang: Language = ENGLISH) -> str:
    """Write a feature in its own unit.

    Parameters
    ----------
    value
        The measure; ``None`` where it is not known.
    unit
        ``count``, ``ratio`` (0–1, shown as a percentage), ``days``, ``per_week``, or ``flag`` (0 no, 1 yes; a median
        may stand half-way).

    Raises
    ------
    ValueError
        When the unit is another one.
    """
    if unit == "count":
        return format_compact(value, lang=lang)
    if unit == "ratio":
        return format_percent(value, lang=lang)
    if unit == "days":
        return format_days(value, lang=lang)
    if unit == "per_week":
        text = format_rate(value, lang=lang)
        if text == NOT_KNOWN:
            return text
        return (lang.gettext("%(number)s per week") % {"number": text}).replace(" ", NO_BREAK_SPACE)
    if unit == "flag":
        return format_flag(value, lang=lang)
    raise ValueError(f"no unit of that name: {unit!r}")


def format_date(value: date | None, *, lang: Language = ENGLISH) -> str:
    """Write a day in words: ``22 November 2026``, ``1er mars 2026``; the day does not part from its month."""
    if value is None:
        return NOT_KNOWN
    from babel.dates import format_date as format_long

    text = format_long(value, "long", locale=lang.locale)
    if lang.code == "fr" and value.day == 1:
        # the one ordinal of French dates, which the CLDR does not know
        text = text.replace("1", "1er", 1)
    return text.replace(" ", NO_BREAK_SPACE, 1)


def format_moment(value: datetime, *, lang: Language = ENGLISH) -> str:
    """Write a moment to the minute in UTC; a moment without a zone is taken to be UTC already."""
    from babel.dates import format_time

    moment = value if value.tzinfo is None else value.astimezone(UTC)
    values = {
        "day": format_date(moment.date(), lang=lang),
        "time": format_time(moment.time(), "short", locale=lang.locale),
    }
    return (lang.gettext("%(day)s, %(time)s UTC") % values).replace(" UTC", f"{NO_BREAK_SPACE}UTC")


def format_language(code: str, *, lang: Language = ENGLISH) -> str | None:
    """Name a language by its ISO 639 code; None where the code has no name."""
    return lang.locale.languages.get(code.lower())


def format_country(code: str, *, lang: Language = ENGLISH) -> str | None:
    """Name a country by its code of ISO 3166-1; None where there is no such country."""
    return lang.locale.territories.get(code.upper()) if code.upper() != "ZZ" else None
