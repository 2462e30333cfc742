"""Makes the seeds ``country_names`` and ``language_names`` from the Unicode CLDR, as Babel ships it.

Run ``python -m tribu.reference`` after an update of Babel and commit what changed.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# The languages in which exports have been seen to name countries and languages.
LANGUAGES: Final = ("en", "fr", "es", "pt", "de", "it", "nl", "pl", "tr", "id", "ru", "ar", "hi", "ja", "ko", "zh")

# Two letters that the CLDR gives a name but ISO 3166-1 no country.
NOT_COUNTRIES: Final = {"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"}

# Languages of many that have no code of two letters: Cebuano, Filipino, Cantonese.
LONGER_CODES: Final = {"ceb", "fil", "yue"}
EVERYDAY_LANGUAGES: Final = {
    "mandarin": "zh",
    "castilian": "es",
    "castellano": "es",
    "farsi": "fa",
    "brazilian portuguese": "pt",
}

# Everyday names that the CLDR does not list. Parts of a country stand for the country that issues its codes.
EVERYDAY_NAMES: Final = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "america": "US",
    "eeuu": "US",
    "ee.uu.": "US",
    "estados unidos de america": "US",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "turkey": "TR",
    "czech republic": "CZ",
    "ivory coast": "CI",
    "uae": "AE",
    "emirates": "AE",
    "korea": "KR",
    "republic of korea": "KR",
    "korea, republic of": "KR",
    "russian federation": "RU",
    "viet nam": "VN",
    "holland": "NL",
    "brasil": "BR",
    "macau": "MO",
    "hong kong": "HK",
    "palestine": "PS",
    "myanmar": "MM",
    "burma": "MM",
    "swaziland": "SZ",
    "cape verde": "CV",
    "congo": "CG",
    "dr congo": "CD",
    "macedonia": "MK",
    "syria": "SY",
    "laos": "LA",
    "bosnia": "BA",
    "trinidad": "TT",
    "iran": "IR",
    "bolivia": "BO",
    "venezuela": "VE",
    "tanzania": "TZ",
    "moldova": "MD",
    "taiwan": "TW",
}


def fold(name: str) -> str:
    """Lower case, no marks, single spaces: the form that the macro ``fold`` gives in SQL.

    All marks go, the vowel signs of Indic scripts too, because that is what ``strip_accents`` does.
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.category(c).startswith("M"))
    return " ".join(unicodedata.normalize("NFC", plain).lower().split())


def country_names() -> Iterator[tuple[str, str]]:
    """Pairs of folded name and ISO 3166-1 alpha-2 code, sorted; a name that means two countries is left out."""
    from babel import Locale
    from babel.core import get_global

    codes = {str(code) for code in Locale("en").territories}
    codes = {code for code in codes if len(code) == 2 and code.isalpha()} - NOT_COUNTRIES
    meanings: dict[str, set[str]] = {}
    for code in codes:
        meanings.setdefault(code.lower(), set()).add(code)
        for language in LANGUAGES:
            name = Locale(language).territories.get(code)
            if name:
                meanings.setdefault(fold(name), set()).add(code)
    for alias, targets in get_global("territory_aliases").items():
        # Alpha-3 and former codes; numeric ones are no country to a reader of a spreadsheet.
        if alias.isalpha() and len(targets) == 1 and targets[0] in codes:
            meanings.setdefault(alias.lower(), set()).add(targets[0])
    for name, code in EVERYDAY_NAMES.items():
        meanings[name] = {code}
    for name, found in sorted(meanings.items()):
        if len(found) == 1:
            yield name, next(iter(found))


def language_names() -> Iterator[tuple[str, str]]:
    """Pairs of folded name and ISO 639-1 code, sorted; of three letters where there is no shorter one.

    A name that means two languages is left out. Variants (``pt-BR``) are no language of their own: staging looks up
    their first part.
    """
    from babel import Locale
    from babel.core import get_global
    from babel.localedata import locale_identifiers

    codes = {str(code) for code in Locale("en").languages}
    codes = {code for code in codes if len(code) == 2} | LONGER_CODES
    meanings: dict[str, set[str]] = {}
    for code in codes:
        meanings.setdefault(code, set()).add(code)
        # in the languages of LANGUAGES, and in itself
        for language in {*LANGUAGES, code} & set(locale_identifiers()):
            name = Locale(language).languages.get(code)
            if name:
                meanings.setdefault(fold(name), set()).add(code)
    for alias, target in get_global("language_aliases").items():
        if alias.isalpha() and alias not in codes and target in codes:
            meanings.setdefault(alias, set()).add(target)
    for name, code in EVERYDAY_LANGUAGES.items():
        meanings[name] = {code}
    for name, found in sorted(meanings.items()):
        if len(found) == 1:
            yield name, next(iter(found))


def write_seed(name: str, header: tuple[str, str], rows: Iterator[tuple[str, str]]) -> None:
    """Write one seed of names and codes."""
    with Path("seeds/reference", name).open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Write the seeds."""
    write_seed("country_names.csv", ("country_name", "country_code"), country_names())
    write_seed("language_names.csv", ("language_name", "language_code"), language_names())


if __name__ == "__main__":
    main()
