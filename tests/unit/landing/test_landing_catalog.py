"""Which mapping a file fits, and what is said when none or several do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tribu.errors import MappingError
from tribu.landing.catalog import Fit, Header, choose_variant, load_mapping, shipped_mappings
from tribu.landing.mapping import LANDING_COLUMNS, Mapping, Variant
from tribu.landing.mapping_file import parse_mapping

TEXT = """
name: {name}
title: {name}
variants:
  - name: one
    filename: "*first*"
    headers: [User, Fans]
    tables: {{accounts: {{constants: {{platform: x}}, columns: {{handle: User, followers: Fans}}}}}}
  - name: two
    filename: "*second*"
    headers: [User, Fans]
    tables: {{accounts: {{columns: {{handle: User, followers: Fans}}}}}}
  - name: three
    headers: [User, Fans, Fans, City]
    delimiter: ";"
    tables: {{accounts: {{constants: {{platform: x}}, columns: {{handle: User}}}}}}
"""
LISTS = parse_mapping(TEXT.format(name="lists"), "lists.yml")


def choose(
    headers: Sequence[str],
    *,
    filename: str = "first.csv",
    mapping: Mapping | None = None,
    platform: str | None = None,
    observed_at: str | None = None,
) -> Fit:
    return choose_variant(
        filename,
        lambda variant: [Header(tuple(headers), 1)],
        filename=filename,
        sheet=None,
        mapping=mapping,
        shipped=[LISTS],
        platform=platform,
        observed_at=observed_at,
    )


def test_the_shipped_mapping_that_fits_is_taken() -> None:
    fit = choose(["user", "FANS", "fans", " City\n"])
    assert (fit.variant.label, fit.by_headers) == ("lists/three", True)


def test_the_dialect_of_each_variant_reads_the_header() -> None:
    seen: list[str | None] = []

    def read(variant: Variant | None) -> list[Header]:
        assert variant is not None
        seen.append(variant.delimiter)
        cells = ("User", "Fans", "Fans", "City") if variant.delimiter == ";" else ("User;Fans;Fans;City",)
        return [Header(cells, 1, delimiter=variant.delimiter or ",")]

    fit = choose_variant(
        "a.csv", read, filename="a.csv", sheet=None, mapping=LISTS, shipped=[], platform=None, observed_at=None
    )
    assert set(seen) == {None, ";"}
    assert fit.header.delimiter == ";"


def test_the_file_name_tells_equal_headers_apart() -> None:
    assert choose(["User", "Fans"], filename="FIRST list.csv", mapping=LISTS).variant.name == "one"
    with pytest.raises(MappingError, match="several: lists/one, lists/two"):
        choose(["User", "Fans"], filename="other.csv", mapping=LISTS)


def test_a_variant_without_a_platform_needs_the_option() -> None:
    with pytest.raises(MappingError, match="--platform"):
        choose(["User", "Fans"], filename="second.csv")
    variant = choose(["User", "Fans"], filename="second.csv", platform="tiktok").variant
    assert variant.tables[0].constants["platform"] == "tiktok"


def test_options_win_over_constants() -> None:
    variant = choose(["User", "Fans"], platform="tiktok", observed_at="2026-01-01").variant
    assert variant.tables[0].constants == {"source": "lists", "platform": "tiktok", "observed_at": "2026-01-01"}


def test_no_fit_names_the_headers_found_and_the_mappings_that_exist() -> None:
    with pytest.raises(MappingError, match=r"\(lists\).*unknown.csv with the headers 'Nom', 'Abonnés'.*--mapping"):
        choose(["Nom\n", "Abonnés"], filename="unknown.csv")


def test_no_variant_fits_names_the_nearest_and_the_difference() -> None:
    with pytest.raises(MappingError) as caught:
        choose(["User", "Fans", "Town", "Fans"], mapping=LISTS)
    message = str(caught.value)
    assert "a variant of lists" in message
    assert "the headers 'User', 'Fans', 'Town', 'Fans'" in message
    assert "nearest variant, three, lacks 'City' and has beside it 'Town'" in message


def test_another_order_is_told_as_such() -> None:
    with pytest.raises(MappingError, match="nearest variant, one, has its headers in another order"):
        choose(["Fans", "User"], mapping=LISTS)


@pytest.mark.parametrize(
    ("headers", "platform", "table"),
    [
        (["platform", "handle", "followers"], None, "accounts"),
        (["Handle", "BIO "], "x", "accounts"),
        (["account_id", "url", "likes"], "x", "posts"),
        (["platform", "handle", "post_id", "observed_at", "source"], None, "posts"),
    ],
)
def test_landing_columns_are_taken_as_they_are(headers: list[str], platform: str | None, table: str) -> None:
    variant = choose(headers, platform=platform).variant
    assert variant.label == LANDING_COLUMNS
    assert [one.table for one in variant.tables] == [table]
    assert list(variant.tables[0].columns) == [header.strip().lower() for header in headers]
    assert not variant.tables[0].extra


@pytest.mark.parametrize(
    ("headers", "platform", "remedy"),
    [
        (["handle", "followers"], None, "give --platform"),
        (["platform", "followers"], None, "write a mapping"),
        (["platform", "handle", "folowers"], None, "rename what is no landing column (folowers)"),
        (["platform", "handle", "handle"], None, "repeated headers"),
        (["platform", "handle", "post_id", "followers"], None, "write a mapping"),
    ],
)
def test_what_is_not_quite_landing_columns_is_told(headers: list[str], platform: str | None, remedy: str) -> None:
    with pytest.raises(MappingError) as caught:
        choose(headers, platform=platform)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "remedy"), [("kim_instagramm", "did you mean 'kim_instagram'"), ("zzz", "tribu mapping list")]
)
def test_an_unknown_mapping_names_those_that_exist(name: str, remedy: str) -> None:
    with pytest.raises(MappingError) as caught:
        load_mapping(name)
    names = [mapping.name for mapping in shipped_mappings()]
    assert len(names) == 10
    assert ", ".join(names) in caught.value.expected
    assert remedy in caught.value.remedy


def test_a_mapping_by_path(write: Callable[..., object]) -> None:
    assert load_mapping(str(write("mine.yml", TEXT.format(name="mine")))).name == "mine"
