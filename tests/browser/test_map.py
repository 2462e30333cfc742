"""The map, as a person uses it: pictures, dimensions, colours, groups, search, and the dots themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from tests.browser.chromium import launch
from tests.browser.sites import Opened

NewPage = Callable[..., Page]

OVERVIEWS = ("index.html", "fr/index.html")


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f'input[name="map-{name}"][value="{value}"]').check(force=True)


def spec_of(page: Page) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(page.locator("#map-data").text_content() or "")
    return loaded


def dots(page: Page) -> int:
    """How many dots Plotly has drawn, rings of found influencers left out."""
    count: int = page.evaluate(
        """() => document.querySelector('.chart-plot').data
            .filter(trace => trace.name).reduce((sum, trace) => sum + trace.x.length, 0)"""
    )
    return count


@pytest.fixture(scope="module")
def solid_browser(playwright: Playwright) -> Iterator[Browser]:
    with launch(playwright, webgl=True) as browser:
        yield browser


@pytest.fixture(params=OVERVIEWS)
def overview(request: pytest.FixtureRequest, on_server: Opened, new_page: NewPage, solid_browser: Browser) -> Page:
    page = new_page(by=solid_browser)
    page.goto(on_server.url(request.param))
    expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
    return page


def test_every_picture_is_drawn_and_says_how_far_to_believe_it(overview: Page) -> None:
    spec = spec_of(overview)
    assert {one["method"] for one in spec["pictures"]} == {"pca", "umap", "tsne"}
    for one in spec["pictures"]:
        choose(overview, "method", one["method"])
        choose(overview, "dimensions", str(one["dimensions"]))
        expect(overview.locator(".map-note")).to_have_text(one["note"])
        kind = "scatter3d" if one["dimensions"] == 3 else "scatter"
        overview.wait_for_function(f"() => document.querySelector('.chart-plot').data[0].type === '{kind}'")
        assert dots(overview) == sum(x is not None for x in one["x"])
        assert overview.locator(".map-turn").is_visible() == (one["dimensions"] == 3)


def test_a_solid_picture_turns_by_button(overview: Page) -> None:
    choose(overview, "dimensions", "3")
    button = overview.locator(".map-turn button").last
    expect(button).to_be_visible()
    eye = "document.querySelector('.chart-plot').layout.scene.camera.eye.x"
    before = overview.evaluate(eye)
    button.click()
    overview.wait_for_function(f"() => {eye} !== {before}")


def test_each_grouping_has_its_legend_and_its_colours(overview: Page) -> None:
    spec = spec_of(overview)
    for name, grouping in spec["groupings"].items():
        choose(overview, "grouping", name)
        legends = overview.locator(".legend:visible")
        expect(legends).to_have_count(1)
        expect(legends).to_have_attribute("data-grouping", name)
        assert legends.locator("button").count() == len(grouping["groups"])
        drawn = overview.evaluate("document.querySelector('.chart-plot').data.map(trace => trace.name)")
        assert drawn == [group["label"] for group in grouping["groups"]]


def test_groups_are_hidden_and_shown(overview: Page) -> None:
    everyone = dots(overview)
    button = overview.locator(".legend:visible button").first
    size = int(re.sub(r"\D", "", button.locator(".legend-count").text_content() or ""))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert dots(overview) == everyone - size
    assert re.sub(r"\D", "", (overview.locator(".map-filter [role=status]").text_content() or "")) == (
        f"{everyone - size}{everyone}"
    )
    overview.locator("[data-all=hide]").click()
    assert dots(overview) == 0
    overview.locator("[data-all=show]").click()
    assert dots(overview) == everyone
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_handle_is_found_and_one_that_is_not_there_is_not(overview: Page) -> None:
    label = spec_of(overview)["labels"][0]
    search, found = overview.locator("#map-search"), overview.locator(".map-found")
    search.fill(label)
    expect(found.locator("li bdi").first).to_have_text(label)
    # A ring around the dot, and its name.
    overview.wait_for_function("() => document.querySelector('.chart-plot').data.some(trace => !trace.name)")
    search.fill("nobody is called like this")
    expect(found.locator("li")).to_have_count(0)
    expect(found.locator("[role=status]")).not_to_be_empty()
    search.fill("")
    expect(found).to_be_hidden()


def test_a_dot_says_who_it_is(overview: Page) -> None:
    plot = overview.locator(".chart-plot")
    plot.scroll_into_view_if_needed()
    box = dot_of(plot)
    overview.mouse.move(box["x"], box["y"], steps=4)
    label = plot.locator(".hoverlayer .hovertext")
    expect(label).to_be_visible()
    assert (label.locator(".nums").get_attribute("data-unformatted") or "").startswith("@")


def dot_of(plot: Locator) -> dict[str, float]:
    """Middle of the dot that lies farthest to the left, so that no other covers it."""
    place: dict[str, float] = plot.evaluate(
        """plot => [...plot.querySelectorAll('.scatterlayer path.point')]
            .map(dot => dot.getBoundingClientRect()).sort((a, b) => a.x - b.x)
            .map(box => ({x: box.x + box.width / 2, y: box.y + box.height / 2}))[0]"""
    )
    return place


def test_the_picture_is_saved_by_the_button_of_the_chart(overview: Page) -> None:
    overview.locator(".chart-plot").hover()
    with overview.expect_download() as waiting:
        overview.locator('.modebar-btn[data-attr="toImage"], .modebar-btn').first.click()
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_colours_follow_the_scheme(overview: Page) -> None:
    ink = "document.querySelector('.chart-plot').layout.font.color"
    overview.emulate_media(color_scheme="light")
    light = overview.evaluate(ink)
    overview.emulate_media(color_scheme="dark")
    overview.wait_for_function(f"() => {ink} !== '{light}'")


@pytest.mark.parametrize("path", OVERVIEWS)
def test_without_webgl_the_still_picture_stands_in_and_says_so(path: str, on_server: Opened, new_page: NewPage) -> None:
    page = new_page()
    page.goto(on_server.url(path))
    expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
    assert page.evaluate("document.createElement('canvas').getContext('webgl') === null")
    choose(page, "dimensions", "3")
    expect(page.locator(".chart-picture svg")).to_be_visible()
    expect(page.locator(".chart-plot")).to_be_hidden()
    expect(page.locator(".map-note")).to_contain_text("WebGL")
    choose(page, "dimensions", "2")
    expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
    expect(page.locator(".map-note")).not_to_contain_text("WebGL")
