"""The browser of the tests: the system's Chromium, headless."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

# WebGL in software, by name: a machine without a graphics card would otherwise have none, or another one next year. It slows
# every page down, so only who looks at the solid map asks for it.
WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
NO_WEBGL = ("--disable-gpu", "--disable-3d-apis")


def executable() -> str:
    """Return Chromium's place: ``CHROMIUM``, or the first of its names on the path."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise FileNotFoundError(
            "expected Chromium; got none on the path; remedy: apt-get install chromium, or name it in CHROMIUM"
        )
    return found


def launch(playwright: Playwright, *, webgl: bool = False) -> Browser:
    """Start Chromium; it is the caller's to close."""
    # The sandbox needs namespaces, which root and most containers do not have; every page here is the tests' own.
    return playwright.chromium.launch(
        executable_path=executable(), args=["--no-sandbox", *(WEBGL if webgl else NO_WEBGL)]
    )
