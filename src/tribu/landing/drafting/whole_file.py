"""What holds for a file as a whole: its network, how its numbers and dates are written, the date in its name. Pure.

Each function puts what it cannot tell into ``unsettled``, under the name of the setting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from tribu.landing.contract import NUMBER_LOCALES
from tribu.landing.drafting.profiles import ColumnProfile
from tribu.landing.drafting.sampling import Sample
from tribu.landing.drafting.scoring import Assignment
from tribu.landing.drafting.words import contains_phrase, platform_words, split_words

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier enero janeiro januar",
            "february feb fevrier febrero fevereiro februar",
            "march mar mars marzo marco marz",
            "april apr avril abril",
            "may mai mayo maio",
            "june jun juin junio junho juni",
            "july jul juillet julio julho juli",
            "august aug aout agosto",
            "september sep sept septembre septiembre setembro",
            "october oct octobre octubre outubro oktober",
            "november nov novembre noviembre novembro",
            "december dec decembre diciembre dezembro dezember",
        ),
        start=1,
    )
    for name in names.split()
}


def platform_of_file(
    sample: Sample, folder: str, profiles: Sequence[ColumnProfile], unsettled: dict[str, str]
) -> str | None:
    """The network: addresses weigh most, then ids, then words of the file's name and of headers."""
    votes: Counter[str] = Counter()
    for profile in profiles:
        looked = sum(profile.platforms.values())
        for name, count in profile.platforms.items():
            # Addresses in texts and links elsewhere are few among many.
            if looked and count >= 0.3 * len(profile.counts):
                votes[name] += 3 * count / looked  # type: ignore[assignment]
        if profile.share("channel_id") > 0.8:
            votes["youtube"] += 3
    for text, weight in ((sample.stem, 2.0), (folder, 1.2), *((header, 0.9) for header in sample.headers)):
        words = split_words(re.sub(r"(?<=\D)\d+|\d+(?=\D)", " ", text))
        for name, phrases in platform_words().items():
            if any(contains_phrase(words, phrase) for phrase in phrases):
                # "Subscribers" is what several tools head every network's followers with.
                weak = weight < 1 and all(one not in ("youtube", "youtuber", "tiktok") for one in words)
                votes[name] += weight * (0.4 if weak and name == "youtube" else 1.0)  # type: ignore[assignment]
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < 0.8:
        unsettled["platform"] = (
            "nothing in the file says which network this is: write it under constants, or give tribu import --platform"
        )
        return None
    if len(ranked) > 1 and ranked[1][1] > 0.6 * ranked[0][1]:
        unsettled["platform"] = f"{ranked[0][0]}, or {ranked[1][0]}?"
    return ranked[0][0]


def number_locale_of(profiles: Sequence[ColumnProfile], sample: Sample, unsettled: dict[str, str]) -> str:
    """Locale in which every number of the mapped columns reads; `en` where none holds a mark."""
    marks: Counter[str] = Counter()
    for profile in profiles:
        if profile.share("number") > 0.5:
            marks += profile.separators
    comma, point = marks[","], marks["."]
    locale = _comma_locale(sample) if comma > point or (_says_mil(profiles) and not point) else "en"
    if comma and point and min(comma, point) > 0.1 * (comma + point):
        unsettled["number_locale"] = f"{comma} numbers have a decimal comma and {point} a decimal point"
    elif marks["?"] and not comma and not point:
        unsettled["number_locale"] = (
            "1,234 or 1.234 stands for a thousand or for one and a bit: nothing in the sample says which"
        )
        # Counts of three decimals are rarer than thousands.
        points = any("." in value for profile in profiles if profile.separators["?"] for value in profile.counts)
        locale = _comma_locale(sample) if points else "en"
    return locale


def _says_mil(profiles: Sequence[ColumnProfile]) -> bool:
    """Tell whether thousands are written `12 mil`, as in Spanish and Portuguese."""
    return any(re.fullmatch(r"[\d.,]+ ?mil", value.lower()) for profile in profiles for value in profile.counts)


def _comma_locale(sample: Sample) -> str:
    """A locale with a decimal comma; which of them makes no difference to the numbers."""
    words = {word for header in sample.headers for word in split_words(header)}
    tells = {
        "de": {"aufrufe", "beitrage", "abonnenten", "benutzername", "durchschnittliche", "kategorie", "land"},
        "es": {"seguidores", "usuario", "publicaciones", "pais"},
        "pt": {"seguidores", "curtidas", "inscritos", "publicacoes", "visualizacoes", "nome"},
        "fr": {"abonnes", "vues", "pseudo", "compte", "pays"},
    }
    best = max(tells, key=lambda locale: len(tells[locale] & words))
    locale = best if tells[best] & words else "fr"
    assert locale in NUMBER_LOCALES
    return locale


def date_order_of(assignment: Assignment, profiles: Sequence[ColumnProfile], unsettled: dict[str, str]) -> str:
    """Order of day and month that every date of the mapped columns fits."""
    orders: set[str] | None = None
    for column in ("observed_at", "posted_at", "account_created_at"):
        choice = assignment.choice(column)
        if choice is None or not any(_three(value) for value in profiles[choice.index].counts):
            continue
        fitting = profiles[choice.index].date_orders
        orders = set(fitting) if orders is None else orders & fitting
    if orders is None:
        return "ymd"
    if len(orders) == 1:
        return orders.pop()
    unsettled["date_order"] = (
        "no number above 12 in the dates of the sample: day first (dmy) or month first (mdy)?"
        if orders
        else "dates with the day first and dates with the month first"
    )
    return "dmy"


def _three(text: str) -> bool:
    return bool(re.match(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}", text))


def date_of_name(stem: str) -> str | None:
    """Date in the name of a file, its ending left out: a day, or a month, which stands for its first day."""
    if found := re.search(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)", stem):
        return f"{found[1]}-{found[2]}-{found[3]}"
    if found := re.search(r"(?<!\d)(20\d\d)[-_](0[1-9]|1[0-2])(?!\d)", stem):
        return f"{found[1]}-{found[2]}-01"
    words = split_words(stem)
    for one, other in pairwise(words):
        if one in _MONTHS and re.fullmatch(r"20\d\d", other):
            return f"{other}-{_MONTHS[one]:02d}-01"
    return None
