"""What other people wrote, made harmless."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribu.report.safety import display_text, plotly_text, safe_link, script_json

RIGHT_TO_LEFT_OVERRIDE = "\u202e"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        ("", None),
        (" \n\t ", None),
        ("\u200b\u202e\u2066", None),
        ("\u200d", None),
        ("plain", "plain"),
        (f"gpj{RIGHT_TO_LEFT_OVERRIDE}.exe", "gpj.exe"),
        ("two\nlines\x00and\u2028more", "two linesand more"),
        ("مرحبا", "مرحبا"),
        ("👩\u200d🍳 cook", "👩\u200d🍳 cook"),
        ("z" + "\u0335" * 40, "z\u0335\u0335"),
        ("\ud800lone", "lone"),
    ],
)
def test_display_text(value: str | None, shown: str | None) -> None:
    assert display_text(value) == shown


def test_display_text_is_cut() -> None:
    assert display_text("a" * 10_000, limit=20) == "a" * 19 + "…"
    assert len(display_text("é" * 61) or "") == 60


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=1&c=2",
        "http://example.org",
        "HTTPS://EXAMPLE.ORG/é",
        " https://example.org/ ",
    ],
)
def test_plain_links_pass(url: str) -> None:
    assert safe_link(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "//example.org/x",
        "example.org",
        "/relative",
        "https:",
        "https://",
        "https://user@example.org/",
        "https://example.org\\@elsewhere.org",
        "https://example.org/a b",
        "https://example.org/\u202e",
        "https://[broken",
        "ftp://example.org",
        "https://example.org/" + "a" * 3_000,
    ],
)
def test_other_links_do_not(url: str | None) -> None:
    assert safe_link(url) is None


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_script_json_cannot_leave_its_element_and_reads_back(value: object) -> None:
    text = str(script_json(value))
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == value


def test_script_json_refuses_what_a_browser_cannot_read() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        script_json({"x": float("nan")})


def test_plotly_text_leaves_no_markup() -> None:
    assert plotly_text("<b>&</b><a href='x'>") == "&lt;b&gt;&amp;&lt;/b&gt;&lt;a href='x'&gt;"
