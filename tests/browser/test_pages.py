"""Every page, from a disk and from a sub-path: it opens quietly, its links lead somewhere, and it fits a phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, expect
from tests.browser.plotly_rules import PLACE, read_rules
from tests.browser.sites import Opened, Site

NewPage = Callable[..., Page]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; base-uri 'none'; "
    "form-action 'none'"
)
_LINKS = "[...document.querySelectorAll('a[href], link[href], script[src]')].map(one => one.href || one.src)"
_WIDER = """() => {
    const room = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth <= room ? [] : [...document.body.querySelectorAll('*')]
        .filter(one => one.getBoundingClientRect().right > room + 1 && !one.closest('.table-scroll'))
        .slice(0, 5).map(one => one.outerHTML.slice(0, 120));
}"""

_ATTACK = """() => {
    const box = document.createElement('div');
    document.body.append(box);
    box.innerHTML = '<img src="https://elsewhere.invalid/x.png" onerror="window.ran = 1">'
        + '<iframe src="https://elsewhere.invalid/"></iframe>';
    const script = document.createElement('script');
    script.textContent = 'window.ran = 2';
    box.append(script);
    return fetch('https://elsewhere.invalid/x').catch(() => 0);
}"""


def test_every_page_opens_quietly_and_leads_nowhere_wrong(opened: Opened, new_page: NewPage) -> None:
    page = new_page()
    wrong: list[str] = []
    assert {"index.html", "fr/index.html"} <= set(opened.site.pages)
    for path in opened.site.pages:
        page.goto(opened.url(path), wait_until="load")
        assert page.locator("html").get_attribute("lang") == ("fr" if path.startswith("fr/") else "en")
        assert page.locator("h1").count() == 1, path
        for href in page.evaluate(_LINKS):
            if not href.startswith(opened.base):
                # Only profiles, which are somewhere else by nature.
                assert page.locator(f'a[href="{href}"][rel="noopener noreferrer"]').count(), (path, href)
                continue
            place = unquote(urlsplit(href).path.removeprefix(unquote(urlsplit(opened.base).path))).lstrip("/")
            if not (opened.site.folder / place).is_file():
                wrong.append(f"{path}: {href}")
    assert wrong == []


def test_every_page_has_the_policy_before_anything_that_loads(on_server: Opened, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    for path in on_server.site.pages:
        page.goto(on_server.url(path))
        first = page.locator("head > *:not([charset])").first
        assert (first.get_attribute("http-equiv"), first.get_attribute("content")) == (
            "Content-Security-Policy",
            POLICY,
        ), path


def test_a_script_that_gets_into_a_page_all_the_same_does_not_run(opened: Opened, browser: Browser) -> None:
    """The last line of defence is tried by hand: what a page must never contain is put into it."""
    refused: list[str] = []
    with browser.new_context() as context:  # not listened to: the policy is meant to complain
        page = context.new_page()
        page.on("console", lambda message: refused.append(message.text))
        page.goto(opened.url("index.html"))
        page.evaluate(_ATTACK)
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
    for directive in ("script-src", "default-src", "connect-src", "img-src"):
        assert any(directive in text for text in refused), (directive, refused)


def test_no_page_scrolls_sideways_on_a_phone(on_server: Opened, new_page: NewPage) -> None:
    page = new_page(width=390, height=844)
    wide = {}
    for path in on_server.site.pages:
        page.goto(on_server.url(path), wait_until="load")
        if path.endswith("index.html"):
            expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
        if found := page.evaluate(_WIDER):
            wide[path] = found
    assert wide == {}


def test_the_language_switch_keeps_the_page_and_the_place(opened: Opened, new_page: NewPage) -> None:
    page = new_page()
    for path in ("index.html", "fr/index.html", opened.site.cluster_page, f"fr/{opened.site.cluster_page}"):
        other = path.removeprefix("fr/") if path.startswith("fr/") else f"fr/{path}"
        page.goto(opened.url(f"{path}#content"))
        page.locator(".languages a").click()
        page.wait_for_url(opened.url(f"{other}#content"))


def test_clusters_are_reached_from_the_overview_and_left_again(opened: Opened, new_page: NewPage) -> None:
    page = new_page()
    page.goto(opened.url("index.html"))
    names = page.locator("#clusters tbody th a")
    for place in (0, names.count() - 1):
        name = names.nth(place).text_content() or ""
        names.nth(place).click()
        page.wait_for_url("**/clusters/*.html")
        assert name.strip() in (page.locator("h1").text_content() or "")
        page.locator(".site-nav a").first.click()
        page.wait_for_url(opened.url("index.html#clusters"))


def test_every_download_holds_something(on_server: Opened, new_page: NewPage) -> None:
    page = new_page(accept_downloads=True)
    offered = 0
    for path in on_server.site.pages:
        page.goto(on_server.url(path), wait_until="load")
        links = page.locator("a[download]")
        for place in range(links.count()):
            if not links.nth(place).is_visible():
                continue
            with page.expect_download() as waiting:
                links.nth(place).click()
            assert waiting.value.path().stat().st_size > 0, (path, waiting.value.suggested_filename)
            offered += 1
    page.goto(on_server.url("index.html"))
    # Asked for and not opened: for a document that is no page the browser itself asks the server for an icon, in vain.
    address = page.locator(".footer a").evaluate("link => link.href")
    assert page.request.get(address).json()["clusters"]
    print(f"downloads: {offered}")


def test_the_rules_of_plotly_are_those_of_its_script(new_page: NewPage) -> None:
    assert PLACE.read_text(encoding="utf-8") == read_rules(new_page()), "run `python -m tests.browser.plotly_rules`"


def test_the_site_that_is_tested_has_pages_of_every_kind(site: Site) -> None:
    assert len(site.pages) >= 6
    assert site.cluster_page in site.pages
