"""One site of the sample, one browser, and contexts that are listened to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from tests.browser.chromium import launch
from tests.browser.sites import Opened, Site, from_disk, served
from tests.browser.watching import Watch
from tests.conftest import ROOT, run_dbt

ARTEFACTS = ROOT / "target" / "browser"

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Folder of what the run leaves to be looked at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the sample with every picture: the one in ``TRIBU_BROWSER_SITE``, or a build of its own."""
    given = os.environ.get("TRIBU_BROWSER_SITE")
    if given:
        folder = ROOT / given
        assert (folder / "index.html").is_file(), (
            f"expected a site in TRIBU_BROWSER_SITE; got no index.html in {folder}"
        )
        return Site(folder)
    build = run_dbt(tmp_path_factory.mktemp("browser"), "build", quick=False)
    assert build.exit_code == 0, build.log
    return Site(build.site)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launch(playwright) as started:
        yield started


@pytest.fixture(scope="session")
def on_server(site: Site) -> Iterator[Opened]:
    with served(site) as opened:
        yield opened


@pytest.fixture(params=["disk", "sub-path"])
def opened(request: pytest.FixtureRequest, site: Site, on_server: Opened) -> Opened:
    """The site from a disk and from a sub-path of a server."""
    return from_disk(site) if request.param == "disk" else on_server


@pytest.fixture(scope="session")
def request_log(artefacts: Path) -> Iterator[list[Watch]]:
    """Every watch of the run; what was asked of whom is written down at its end."""
    watches: list[Watch] = []
    yield watches
    asked = [url for watch in watches for url in watch.requests]
    leaving = [url for watch in watches for url in watch.leaving]
    told = {"requests": len(asked), "schemes": sorted({url.split(":", 1)[0] for url in asked}), "leaving": leaving}
    (artefacts / "requests.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"\nrequests: {len(asked)}, of these to anywhere else than the site: {len(leaving)}")


@pytest.fixture
def watch(request_log: list[Watch]) -> Iterator[Watch]:
    """Collects what pages of this test do; the test fails when one of them is not quiet."""
    one = Watch(allowed=("file:", "http://127.0.0.1:"))
    request_log.append(one)
    yield one
    one.assert_quiet()


@pytest.fixture
def new_page(browser: Browser, watch: Watch) -> Iterator[NewPage]:
    """Make a page in a context of its own, with the options of Playwright's ``new_context``."""
    contexts = []

    def make(*, width: int = 1240, height: int = 900, by: Browser | None = None, **options: Any) -> Page:
        context = (by or browser).new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        watch.listen(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield make
    for context in contexts:
        context.close()
