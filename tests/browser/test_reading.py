"""Tables, keyboard, paper, and no script at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.sites import Opened

NewPage = Callable[..., Page]

_COLUMN = """([table, index]) => [...table.tBodies].flatMap(body => [...body.rows].map(row => {
    const cell = row.cells[index];
    return cell.querySelector('.unknown') ? null : cell.dataset.sort ?? cell.textContent.trim();
}))"""
_SORTABLE = "table[data-sortable]"

# Every stop of the tab key, with what tells it apart and whether it shows that it is there.
_STOP = """() => {
    const one = document.activeElement;
    if (one === null || one === document.body) { return null; }
    const seen = one.matches('.segment input') ? one.nextElementSibling : one;
    const style = getComputedStyle(seen);
    window.stops ??= new Map();
    if (!window.stops.has(one)) { window.stops.set(one, window.stops.size); }
    return {
        id: window.stops.get(one), html: one.outerHTML.slice(0, 110),
        shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
        size: one.getBoundingClientRect().width * one.getBoundingClientRect().height,
        positive: one.tabIndex > 0, chart: one.closest('.chart-plot') !== null,
    };
}"""


def numbers(values: list[str | None]) -> list[float]:
    """The known ones, which stand before all others."""
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known, "what is not known stands at the end"
    return [float(value) for value in known]


@pytest.mark.parametrize("language", ["", "fr/"])
def test_tables_sort_by_click_and_by_key(language: str, opened: Opened, new_page: NewPage) -> None:
    page = new_page()
    page.goto(opened.url(language + opened.site.cluster_page))
    tables = page.locator(_SORTABLE)
    assert tables.count() >= 1
    for place in range(tables.count()):
        table = tables.nth(place)
        headings = table.locator("thead th")
        for index in range(headings.count()):
            heading = headings.nth(index)
            button = heading.locator("button")
            numeric = "numeric" in (heading.get_attribute("class") or "")
            already = heading.get_attribute("aria-sort")
            button.click()
            first = heading.get_attribute("aria-sort")
            assert first == ("ascending" if already == "descending" or not numeric else "descending")
            assert table.locator("th[aria-sort]").count() == 1
            button.focus()
            page.keyboard.press("Enter")
            assert heading.get_attribute("aria-sort") == ("descending" if first == "ascending" else "ascending")
            if numeric:
                values = numbers(page.evaluate(_COLUMN, [table.element_handle(), index]))
                assert values == sorted(values, reverse=heading.get_attribute("aria-sort") == "descending")


@pytest.mark.parametrize("path", ["index.html", "fr/index.html", None])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    path: str | None, on_server: Opened, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(on_server.url(path or on_server.site.cluster_page), wait_until="load")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    stops = []
    for _ in range(600):
        stop = page.evaluate(_STOP)
        if stop is None:
            break
        stops.append(stop)
        page.keyboard.press("Tab")
    assert [stop for stop in stops if stop["positive"]] == []
    assert [stop["html"] for stop in stops if not stop["shown"]] == []
    assert [stop["html"] for stop in stops if stop["size"] == 0] == []
    reached = [stop["id"] for stop in stops]
    assert reached == sorted(set(reached)), "each once"
    # Radio buttons are one stop per group; the arrows go on from there.
    missed = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button:not(:disabled), input, summary, [tabindex="0"]')]
            .filter(one => one.checkVisibility() && !window.stops.has(one) && one.type !== 'radio'
                && !one.closest('.chart-plot'))
            .map(one => one.outerHTML.slice(0, 110))"""
    )
    assert missed == []


def test_the_skip_link_leads_to_the_content(opened: Opened, new_page: NewPage) -> None:
    page = new_page()
    page.goto(opened.url("index.html"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_map_is_chosen_by_arrow_keys(on_server: Opened, new_page: NewPage) -> None:
    page = new_page()
    page.goto(on_server.url("index.html"))
    expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
    page.locator('input[name="map-method"]').first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('input[name="map-method"][value="umap"]')).to_be_checked()
    page.wait_for_function("() => document.querySelector('.chart-plot').getAttribute('aria-label').includes('UMAP')")


@pytest.mark.parametrize("path", ["index.html", "fr/index.html", None])
def test_without_javascript_everything_can_be_read_and_nothing_pretends(
    path: str | None, on_server: Opened, new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(on_server.url(path or on_server.site.cluster_page))
    expect(page.locator(".picture").first).to_be_visible()
    for control in page.locator("button, input, select").all():
        assert not (control.is_visible() and control.is_enabled()), control.get_attribute("class")
    assert not any(one.is_visible() for one in page.locator(".script-only").all())
    if path is not None:
        expect(page.locator(".chart noscript")).to_be_visible()
        expect(page.locator(".chart-plot")).to_be_hidden()


@pytest.mark.parametrize("path", ["index.html", "fr/index.html", None])
def test_pages_print_to_a4(path: str | None, on_server: Opened, new_page: NewPage, artefacts: Path) -> None:
    page = new_page()
    page.goto(on_server.url(path or on_server.site.cluster_page), wait_until="load")
    if path is not None:
        expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
    name = (path or on_server.site.cluster_page).replace("/", "-").replace(".html", ".pdf")
    # The background stays off, as people print.
    paper = page.pdf(
        path=artefacts / name, format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm")
    )
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", paper)}
    # A4 in points is 595.3 by 841.9; Chromium counts whole pixels.
    assert boxes
    assert all(
        right == pytest.approx(595.3, abs=1) and top == pytest.approx(841.9, abs=1.2) for _, _, right, top in boxes
    )
    assert 2 <= len(re.findall(rb"/Type /Page\b", paper)) <= 20
    # The same on the screen, 186 mm wide: what is wider than the paper would be cut.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})
    picture = page.locator(".picture").first
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 703
    assert not any(one.is_visible() for one in page.locator(".chart-plot, .site-nav, .map-controls, .map-filter").all())
    # Chromium leaves buttons out of the headers that it repeats on later pages.
    assert not any(one.is_visible() for one in page.locator(".sort-button").all())
    assert all(one.is_visible() for one in page.locator("table[data-sortable] thead .label").all())
    wide = page.evaluate(
        """() => [...document.querySelectorAll('table')].filter(one => one.checkVisibility()
            && one.getBoundingClientRect().right > 704).map(one => one.caption.textContent.trim()
            + ' ' + Math.round(one.getBoundingClientRect().right))"""
    )
    assert wide == []
