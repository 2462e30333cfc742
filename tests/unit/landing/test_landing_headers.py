"""Header cells: comparison, keys in `extra`, differences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribu.landing.headers import fold_header, header_difference, header_keys, positions, same_headers


@pytest.mark.parametrize(
    ("cell", "folded"),
    [
        ("Followers", "Followers"),
        ("\nFollowers", "Followers"),
        ("Authentic engagement Values \r\n", "Authentic engagement Values"),
        ("\ufeffrank", "rank"),
        ("a\u00a0 \t b", "a b"),
        ("", ""),
    ],
)
def test_white_space_and_byte_order_marks_fold_away(cell: str, folded: str) -> None:
    assert fold_header(cell) == folded


def test_headers_compare_whatever_case_and_white_space_but_not_order() -> None:
    assert same_headers(["S.no", " Name\n"], ["s.NO", "name"])
    assert not same_headers(["a", "b"], ["b", "a"])
    assert not same_headers(["a"], ["a", "a"])


def test_repeats_are_numbered_whether_or_not_the_first_is_mapped() -> None:
    assert header_keys(["Followers", "followers", "Name", "Followers "]) == [
        "Followers",
        "followers (2)",
        "Name",
        "Followers (3)",
    ]


def test_a_header_that_looks_like_a_repeat_keeps_its_own_key() -> None:
    assert header_keys(["a", "a (2)", "a"]) == ["a", "a (2)", "a (3)"]


def test_blank_headers_are_named_by_their_column() -> None:
    assert header_keys(["a", "", " \n"]) == ["a", "column 2", "column 3"]


@given(st.lists(st.sampled_from(["a", "A", "a (2)", "a (3)", "", "column 1", "b"]), max_size=12))
def test_keys_are_distinct(headers: list[str]) -> None:
    keys = header_keys(headers)
    assert len(keys) == len(headers)
    assert len({key.casefold() for key in keys}) == len(keys)


def test_positions_of_a_repeated_header() -> None:
    assert positions(["x", "Likes avg", "likes  AVG"], "likes avg") == [1, 2]


def test_difference_counts_repeats() -> None:
    assert header_difference(["a", "b", "b"], ["A", "b", "c"]) == (["b"], ["c"])
