"""A site of hostile data in the browser: text stays text, whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.browser.sites import Opened, Site, served
from tests.conftest import run_dbt, run_tribu
from tests.hostile import ALARM, ELEMENT, ELSEWHERE, write_exports

NewPage = Callable[..., Page]

_INJECTED = f"""() => [...document.querySelectorAll(
    '{ELEMENT}, [{ELEMENT}], .{ELEMENT}, [onerror], [onload], [onmouseover], script:not([src]):not([type="application/json"]), iframe'
)].map(one => one.outerHTML.slice(0, 120))"""
_LINKS = "[...document.querySelectorAll('a[href]')].map(one => [one.protocol, one.hostname, one.rel])"
# Text that would spill over its neighbours, or push the page wide.
_SPILLS = """() => [...document.querySelectorAll('td, th, li, h1, h2, .legend-label')].filter(one => one.checkVisibility()
    && one.getBoundingClientRect().height > 260).map(one => one.textContent.trim().slice(0, 80))"""
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("hostile")
    done = run_tribu(folder, "import", "--accept", *map(str, write_exports(folder / "exports")))
    assert done.returncode == 0, done.stderr
    # The data have no groups; with two asked for, the pages of clusters compare something.
    build = run_dbt(folder, "build", "--vars", "{pinned_k: 2}")
    assert build.exit_code == 0, build.log
    with served(Site(build.site)) as opened:
        yield opened


@pytest.mark.parametrize("width", [1240, 390])
def test_hostile_data_renders_inert(hostile: Opened, new_page: NewPage, width: int) -> None:
    page = new_page(width=width)
    for path in hostile.site.pages:
        page.goto(hostile.url(path), wait_until="load")
        if path.endswith("index.html"):
            expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
        assert page.evaluate(f"typeof window.{ALARM}") == "undefined", path
        assert page.evaluate(_INJECTED) == [], path
        assert page.evaluate(_SPILLS) == [], path
        assert page.evaluate(_WIDE) <= 0, path
        for protocol, host, rel in page.evaluate(_LINKS):
            assert protocol in {"http:", "https:"}, path
            assert host == "127.0.0.1" or (host == ELSEWHERE and rel == "noopener noreferrer"), (path, host)


def test_hostile_texts_are_shown_as_they_are(hostile: Opened, new_page: NewPage) -> None:
    page = new_page()
    shown = ""
    for path in hostile.site.pages:
        page.goto(hostile.url(path))
        shown += page.locator("main").text_content() or ""
    assert f"window.{ALARM}=1</script>" in shown, "markup is read, not run"
    assert "\u202e" not in shown, "nothing turns the text around"


@pytest.mark.parametrize("path", ["index.html", "fr/index.html"])
def test_hostile_texts_are_inert_on_the_map(hostile: Opened, new_page: NewPage, path: str) -> None:
    """Plotly and the search read labels anew: each dot is pointed at, each handle looked for."""
    page = new_page()
    page.goto(hostile.url(path))
    expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
    page.evaluate(
        """async () => {
            const plot = document.querySelector('.chart-plot');
            for (const [curve, trace] of plot.data.entries()) {
                for (let point = 0; point < trace.x.length; point += 3) {
                    Plotly.Fx.hover(plot, [{ curveNumber: curve, pointNumber: point }]);
                    await new Promise(requestAnimationFrame);
                }
            }
        }"""
    )
    for value in ("script", "<", "img", "مرحبا"):
        page.locator("#map-search").fill(value)
        page.wait_for_timeout(250)
    for grouping in ("platform", "tier", "cluster"):
        page.locator(f'input[name="map-grouping"][value="{grouping}"]').check(force=True)
    assert page.evaluate(f"typeof window.{ALARM}") == "undefined"
    assert page.evaluate(_INJECTED) == []
    assert page.locator(".chart-plot .hoverlayer a, .map-found a, .map-found img").count() == 0
