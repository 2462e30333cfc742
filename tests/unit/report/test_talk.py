"""What the members of a cluster write about, as its page tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

Tables = dict[str, pa.Table]

HOSTILE = "#</td><script>alert(1)</script>\u202e&\"'"


def page_of(site: Path, key: str) -> str:
    return (site / "clusters" / f"{key}.html").read_text(encoding="utf-8")


def test_terms_stand_on_the_page_in_their_order(tables: Tables, render: Callable[[Tables], Path]) -> None:
    page = page_of(render(tables), "c01")
    talk = page[page.index('id="talk"') : page.index('id="composition"')]
    places = [talk.index(f"#beauty{rank}") for rank in (1, 2, 3)]
    assert places == sorted(places)
    assert '<a href="#talk">' in page
    assert "members of whom hashtags or words are known" in talk


def test_terms_are_text_whatever_they_say(
    tables: Tables, render: Callable[[Tables], Path], change_cell: Callable[..., Tables]
) -> None:
    site = render(change_cell(tables, "rpt_cluster_terms", "term", HOSTILE))
    keys = tables["rpt_cluster_terms"].column("cluster_key").to_pylist()
    page = page_of(site, keys[0])
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "<bdi>#&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#34;&#39;</bdi>" in page


def test_a_term_of_characters_that_nobody_sees_is_not_known(
    tables: Tables, render: Callable[[Tables], Path], change_cell: Callable[..., Tables]
) -> None:
    page = page_of(render(change_cell(tables, "rpt_cluster_terms", "term", "\u200b\u2066")), "c01")
    assert "\u2066" not in page
    talk = page[page.index('id="talk"') : page.index('id="composition"')]
    assert '<span class="visually-hidden">not known</span>' in talk


def test_a_cluster_without_terms_says_so_beside_those_that_have_some(
    tables: Tables, render: Callable[[Tables], Path]
) -> None:
    terms = tables["rpt_cluster_terms"]
    without = terms.filter(pa.compute.not_equal(terms.column("cluster_key"), "c02"))
    site = render({**tables, "rpt_cluster_terms": without})
    assert "No hashtag or word is used by more than a handful" in page_of(site, "c02")
    assert "No hashtag or word is used by more than a handful" not in page_of(site, "c01")


def test_terms_that_tell_nothing_are_not_passed_off_as_telling(
    tables: Tables, render: Callable[[Tables], Path], change_cell: Callable[..., Tables]
) -> None:
    page = page_of(render(tables), "c01")
    talk = page[page.index('id="talk"') : page.index('id="composition"')]
    # the factory's first two terms are distinctive
    assert (
        talk.index("Clearly more common")
        < talk.index("#beauty2")
        < talk.index("not clearly more so")
        < talk.index("#beauty3")
    )
    for row in (0, 1):
        tables = change_cell(tables, "rpt_cluster_terms", "is_distinctive", value=False, row=row)
    page = page_of(render(tables), "c01")
    assert "None of these is clearly more common" in page
    assert "Clearly more common among its members" not in page


def test_where_nothing_is_known_of_anybody_there_is_no_such_section(
    build_tables: Callable[..., Tables], render: Callable[[Tables], Path]
) -> None:
    assert 'id="talk"' not in page_of(render(build_tables(posts=False)), "c01")


def test_the_summary_has_every_term(tables: Tables, render: Callable[[Tables], Path]) -> None:
    report = json.loads((render(tables) / "report.json").read_text(encoding="utf-8"))
    stated = [term["term"] for cluster in report["clusters"] for term in cluster["terms"]]
    assert sorted(stated) == sorted(tables["rpt_cluster_terms"].column("term").to_pylist())
