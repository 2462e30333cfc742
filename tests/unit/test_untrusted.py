"""Cells that a spreadsheet would run, made text."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribu.untrusted import defused, defused_column


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tplain",
        "  =1",
        "\u00a0=1",
        "＝1",
        '=HYPERLINK("https://example.org","open")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused_column(pa.array([text])).to_pylist() == ["'" + text]


@pytest.mark.parametrize("text", ["", " ", "plain", "1 + 1", "a=b", "'=1", "3", "naïve", "👩‍🍳", "a\n=1"])
def test_other_text_stays(text: str) -> None:
    assert defused_column(pa.array([text])).to_pylist() == [text]


def test_null_and_numbers_stay() -> None:
    assert defused_column(pa.array([None, "=1"], pa.large_string())).to_pylist() == [None, "'=1"]
    for column in (pa.array([-1, None]), pa.array([-0.5]), pa.array([True, None]), pa.array([], pa.string())):
        assert defused_column(column).equals(column)


@given(st.lists(st.none() | st.text()))
def test_nothing_that_could_run_is_left_and_nothing_is_lost(texts: list[str | None]) -> None:
    columns = defused_column(pa.array(texts, pa.string())).to_pylist()
    for before, after in zip(texts, columns, strict=True):
        assert after == (None if before is None else defused(before)), "a text alone and in a column are treated alike"
        assert after is None if before is None else after in {before, "'" + before}
        assert not (after or "").lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))
