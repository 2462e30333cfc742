"""Reference seeds: made by the generator that ships, and folded as SQL folds."""

from __future__ import annotations

import csv

import duckdb
from babel import Locale
from tests.conftest import ROOT

from tribu.reference import LANGUAGES, country_names, fold, language_names

# The body of macro `fold`, with the text as a parameter.
FOLD_SQL = "select lower(strip_accents(regexp_replace(trim(?), '\\s+', ' ', 'g')))"


def test_names_are_folded_as_sql_folds_them() -> None:
    macros = ROOT / "dbt_project/macros"
    engine = (macros / "engine" / "text.sql").read_text(encoding="utf-8")
    folded = """lower({{ without_accents(text_replaced('trim(' ~ text ~ ')', '\\\\s+', "' '")) }})"""
    assert folded in (macros / "parsing.sql").read_text(encoding="utf-8")
    assert "strip_accents({{ text }})" in engine
    assert "regexp_replace({{ text }}, '{{ pattern }}', {{ replacement }}, 'g')" in engine
    names = [name for language in LANGUAGES for name in Locale(language).territories.values()]
    assert len(names) > 4000
    with duckdb.connect() as connection:
        different = [name for name in names if connection.execute(FOLD_SQL, [name]).fetchall() != [(fold(name),)]]
    assert different == []


def test_the_seed_of_countries_is_what_the_generator_makes() -> None:
    with (ROOT / "seeds/reference/country_names.csv").open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    assert header == ["country_name", "country_code"]
    assert [tuple(row) for row in rows] == list(country_names())


def test_the_seed_of_languages_is_what_the_generator_makes() -> None:
    with (ROOT / "seeds/reference/language_names.csv").open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    assert header == ["language_name", "language_code"]
    assert [tuple(row) for row in rows] == list(language_names())
    names = dict(language_names())
    assert len(names) == len(rows)
    expected = {
        "french": "fr",
        "francais": "fr",
        "fra": "fr",
        "deutsch": "de",
        "한국어": "ko",
        "mandarin": "zh",
        "tl": "tl",
    }
    assert {name: names[name] for name in expected} == expected


def test_names_mean_one_country_each_and_the_everyday_ones_are_known() -> None:
    names = dict(country_names())
    assert len(names) == len(list(country_names()))
    expected = {
        "france": "FR",
        "usa": "US",
        "uk": "GB",
        "deutschland": "DE",
        "bra": "BR",
        "russia": "RU",
        "fr": "FR",
        "대한민국": "KR",
    }
    assert {name: names[name] for name in expected} == expected


def test_every_seed_of_aliases_is_folded_and_unique() -> None:
    for seed, column in (("categories", "category_name"), ("platforms", "platform_name")):
        with (ROOT / f"seeds/reference/{seed}.csv").open(encoding="utf-8", newline="") as handle:
            names = [row[column] for row in csv.DictReader(handle)]
        assert names == [fold(name) for name in names]
        assert len(names) == len(set(names))
