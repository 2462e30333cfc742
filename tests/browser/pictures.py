"""The pictures of the README, from a site: ``python -m tests.browser.pictures SITE``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright
from tests.browser.chromium import launch
from tests.browser.sites import Site, from_disk

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
# File: page, and the height of what is shown of it. The README names each; a test compares both lists.
PICTURES = {"overview.png": ("index.html", 1180)}


def take_pictures(site: Site, folder: Path) -> None:
    """Write every picture, light, 1240 wide, from the top of its page."""
    opened = from_disk(site)
    with sync_playwright() as playwright, launch(playwright) as browser:
        for name, (path, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": 1240, "height": height}, color_scheme="light")
            page.goto(opened.url(path), wait_until="load")
            expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
            page.screenshot(path=folder / name)


if __name__ == "__main__":
    take_pictures(Site(Path(sys.argv[1])), IMAGES)
