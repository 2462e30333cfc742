"""Mapping files: what a good one says, and how a bad one is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tribu.errors import MappingError
from tribu.landing import mapping_file
from tribu.landing.catalog import SHIPPED, shipped_mappings
from tribu.landing.contract import DATE_ORDERS, NUMBER_LOCALES, TABLE_COLUMNS, UNITS
from tribu.landing.mapping_file import parse_mapping, read_mapping

GOOD = """
name: lists
title: Lists of
  accounts
defaults: {number_locale: fr, null_spellings: ["?"]}
variants:
  - name: june
    headers: [No, Name, Followers, Followers, "Taux\\n(%)", Note]
    filename: "*june*"
    delimiter: ";"
    encoding: Latin-1
    ignore: [No]
    tables:
      accounts:
        constants: {platform: instagram, observed_at: 2022-06-01}
        columns:
          handle: name
          followers: {header: followers, position: 2}
          engagement_rate: {header: Taux (%), unit: percent}
"""


def test_a_mapping_says_what_becomes_of_every_column() -> None:
    mapping = parse_mapping(GOOD, "lists.yml")
    (variant,) = mapping.variants
    (table,) = variant.tables
    assert (mapping.name, mapping.title, variant.label) == ("lists", "Lists of accounts", "lists/june")
    assert table.columns == {"handle": 1, "followers": 3, "engagement_rate": 4}
    assert table.constants == {"source": "lists", "platform": "instagram", "observed_at": "2022-06-01"}
    assert table.units == {"engagement_rate": "percent"}
    assert table.extra == {"Followers": 2, "Note": 5}
    assert variant.ignored == (0,)
    assert (variant.delimiter, variant.encoding, variant.number_locale) == (";", "iso8859-1", "fr")
    assert (variant.date_order, variant.null_spellings, variant.filename) == ("ymd", ("?",), "*june*")
    assert variant.fits([" NO", "name\n", "Followers", "followers", "taux (%)", "note"])
    assert not variant.fits(["No", "Name", "Followers", "Taux (%)", "Note"])


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("delimiter:", "delimeter:", "variants[june]", "did you mean 'delimiter'"),
        ("title:", "heading:", "lists.yml", "unknown key 'heading'"),
        ("name: lists\n", "", "name at lists.yml", "none"),
        ("name: lists", "name: My Lists", "lists.yml: name", "'My Lists'"),
        ("handle: name", "handel: name", "tables.accounts.columns", "did you mean 'handle'"),
        ("handle: name", "post_id: name", "tables.accounts.columns", "unknown key 'post_id'"),
        ("handle: name", "handle: nmae", "columns.handle", "did you mean 'Name'"),
        ("handle: name", "bio: name", "columns", "handle or account_id"),
        ("position: 2", "position: 3", "columns.followers.position", "a number from 1 to 2"),
        ("position: 2", "position: 0", "columns.followers.position", "a number from 1 to 2"),
        ("{header: followers, position: 2}", "Followers", "columns.followers", "lists 2 times"),
        ("{header: followers, position: 2}", "{position: 2}", "columns.followers", "header"),
        ("position: 2", "positon: 2", "columns.followers", "did you mean 'position'"),
        ("ignore: [No]", "ignore: [Name]", "variants[june]", "'Name' both mapped and ignored"),
        ("ignore: [No]", "ignore: [Followers]", "ignore[1]", "lists 2 times"),
        ("ignore: [No]", "ignore: No", "ignore", "a list"),
        ("number_locale: fr", "number_locale: klingon", "number_locale", "one of en, fr"),
        ("unit: percent", "unit: procent", "columns.engagement_rate.unit", "did you mean 'percent'"),
        ("encoding: Latin-1", "encoding: latin-99", "encoding", "'latin-99'"),
        ("encoding: Latin-1", "date_order: dym", "date_order", "one of ymd, dmy, mdy"),
        ('delimiter: ";"', 'delimiter: ";;"', "delimiter", "one ASCII character"),
        ('delimiter: ";"', "quote: '*'", "quote", "a quotation mark or none"),
        ('delimiter: ";"', "skip_lines_after_header: -1", "skip_lines_after_header", "a number from 0"),
        ("platform: instagram", "platfrom: instagram", "constants", "did you mean 'platform'"),
        ("platform: instagram", "platform: [x]", "constants.platform", "text at"),
        ("position: 2", "position: two", "columns.followers.position", "'two'"),
        ("platform: instagram", "handle: me", "tables.accounts", "a column and a constant"),
        ("accounts:", "account:", "tables", "did you mean 'accounts'"),
        ("[No, Name,", "[No, Name, {a: b},", "headers[3]", "text at"),
        ('["?"]', '"?"', "defaults.null_spellings", "a list"),
        ("          handle: name\n", "          handle: name\n          handle: note\n", "line", "'handle' twice"),
        ("title: Lists", "title: [Lists", "line", "YAML"),
    ],
)
def test_a_slip_is_told_with_its_place(old: str, new: str, place: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(MappingError) as caught:
        parse_mapping(GOOD.replace(old, new, 1), "lists.yml")
    message = str(caught.value)
    assert "lists.yml" in message
    assert place in message
    assert said in message
    assert "\n" not in message


def test_two_variants_of_one_name_are_refused() -> None:
    again = GOOD + GOOD.split("variants:\n", 1)[1]
    with pytest.raises(MappingError, match="'june' twice"):
        parse_mapping(again, "lists.yml")


def test_two_tables_need_a_word_on_who_keeps_the_rest() -> None:
    both = GOOD + "      posts:\n        columns: {post_id: Note, handle: name}\n"
    with pytest.raises(MappingError, match="extra: posts"):
        parse_mapping(both, "lists.yml")
    (variant,) = parse_mapping(both.replace("    ignore:", "    extra: posts\n    ignore:"), "lists.yml").variants
    extra = {table.table: dict(table.extra) for table in variant.tables}
    # A column that either table maps is not extra to the other.
    assert extra == {"accounts": {}, "posts": {"Followers": 2}}


def test_values_stay_text_as_written() -> None:
    mapping = parse_mapping(GOOD.replace("platform: instagram", "platform: on").replace("Note]", "007]"), "lists.yml")
    (table,) = mapping.variants[0].tables
    assert table.constants["platform"] == "on"
    assert "007" in table.extra


@pytest.mark.parametrize("text", ["", "- a\n", "name: x\ntitle: y\nvariants: []\n", "name: x\ntitle: y\nvariants: 3\n"])
def test_what_is_no_mapping_at_all_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match="lists.yml"):
        parse_mapping(text, "lists.yml")


def test_a_mapping_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no file at"):
        read_mapping(tmp_path / "none.yml")


def test_the_digest_follows_what_lands_and_not_how_it_is_told() -> None:
    digest = parse_mapping(GOOD, "a").variants[0].digest()
    assert parse_mapping("# a remark\n" + GOOD.replace("Lists of", "All lists of"), "b").variants[0].digest() == digest
    for old, new in [
        ("position: 2", "position: 1"),
        ("percent", "ratio"),
        ('["?"]', '["!"]'),
        ("2022-06-01", "2022-06-02"),
    ]:
        assert parse_mapping(GOOD.replace(old, new), "c").variants[0].digest() != digest


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: path.stem)
def test_shipped_mappings_are_valid_and_found_by_their_name(path: Path) -> None:
    mapping = read_mapping(path)
    assert mapping.name == path.stem
    for variant in mapping.variants:
        used = {index for table in variant.tables for index in (*table.columns.values(), *table.extra.values())}
        assert used | set(variant.ignored) == set(range(len(variant.headers))), "every column is somewhere"
        assert all(table.gives("platform") for table in variant.tables)


def test_no_two_shipped_variants_fit_the_same_headers() -> None:
    variants = [variant for mapping in shipped_mappings() for variant in mapping.variants]
    clashes = [(a.label, b.label) for i, a in enumerate(variants) for b in variants[:i] if a.fits(b.headers)]
    assert clashes == []


def test_the_known_exports_ship() -> None:
    shipped = {mapping.name: len(mapping.variants) for mapping in shipped_mappings()}
    known = {"kim_instagram": 2, "top1000_2022": 12, "top_insta_influencers_data": 1, "youtube_trending": 1}
    assert shipped | known == shipped


def documentation() -> str:
    return (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")


def test_the_example_of_the_documentation_is_valid() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", documentation(), flags=re.DOTALL)
    (variant,) = parse_mapping(example, "docs/importing.md").variants
    (table,) = variant.tables
    assert dict(table.extra) == {"Abonnés (2)": 3, "Ville": 5}
    assert (variant.delimiter, variant.number_locale, variant.date_order) == (";", "fr", "dmy")


def test_every_key_and_column_is_documented() -> None:
    text = documentation()
    keys = {*mapping_file._MAPPING_KEYS, *mapping_file._VARIANT_KEYS, *mapping_file._COLUMN_KEYS}
    keys |= {*mapping_file._TABLE_KEYS, *UNITS, *DATE_ORDERS, *NUMBER_LOCALES}
    keys |= {column for columns in TABLE_COLUMNS.values() for column in columns}
    missing = {key for key in keys if f"`{key}`" not in text and f"\n{key}:" not in text}
    assert missing == set()


KEYED = """
name: lists
title: Lists
variants:
  - name: lists
    headers: [Name, Fans, Link]
    tables:
      accounts:
        constants: {platform: x}
        row_key: lists
        columns: {followers: Fans}
"""


def test_a_row_key_stands_for_a_column_that_identifies_accounts() -> None:
    (variant,) = parse_mapping(KEYED, "lists.yml").variants
    assert (variant.tables[0].row_key, variant.tables[0].gives("account_id")) == ("lists", True)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("followers: Fans", "handle: Name", "row_key"),
        ("row_key: lists", "row_key: My Lists", "row_key"),
        ("followers: Fans", "followers: {header: Fans, pattern: 'x'}", "pattern"),
        ("followers: Fans", "followers: {header: Fans, pattern: '(a)(b)'}", "pattern"),
        ("followers: Fans", "followers: {header: Fans, pattern: '(a)(?=b)'}", "pattern"),
        ("followers: Fans", "followers: {header: Fans, pattern: '(a'}", "pattern"),
        ("    tables:", "    unsettled: [platform]\n    tables:", "unsettled"),
        ("    tables:", "    keep_sensitive: [Gender]\n    tables:", "keep_sensitive"),
        ("        row_key: lists\n", "", "row_key"),
    ],
)
def test_slips_in_keys_patterns_and_open_questions_are_told(before: str, after: str, place: str) -> None:
    assert before in KEYED
    with pytest.raises(MappingError, match=place):
        parse_mapping(KEYED.replace(before, after), "lists.yml")


def test_a_cell_of_which_a_part_is_taken_stays_whole_in_extra() -> None:
    part = KEYED.replace("followers: Fans", "profile_url: {header: Link, pattern: '/(.*)'}")
    (variant,) = parse_mapping(part, "lists.yml").variants
    assert variant.tables[0].extra == {"Name": 0, "Fans": 1, "Link": 2}
    both = part.replace("{header: Link", "Link, display_name: {header: Link")
    (variant,) = parse_mapping(both, "lists.yml").variants
    assert variant.tables[0].extra == {"Name": 0, "Fans": 1}


def test_the_digest_of_a_mapping_without_the_new_keys_is_that_of_before() -> None:
    """A release must not make every import of before look as if its mapping had changed."""
    from tribu.landing.catalog import load_mapping

    (variant,) = load_mapping("top_insta_influencers_data").variants
    # As the ledger has it: what a mapping leaves open is settled by the file.
    variant = replace(variant, delimiter=",", encoding="utf-8")
    assert variant.digest() == "587964b6ab35dee97503bcdd11a2d45499df6c22e6e799d891fb077e07d8d6f2"
