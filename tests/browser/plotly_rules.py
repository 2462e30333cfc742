"""The style rules that Plotly's script would write into a page, as the file that stands in for them.

``python -m tests.browser.plotly_rules`` writes ``reports/assets/plotly.css`` anew, after Plotly has changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tests.browser.chromium import launch

from tribu.report.site import plotly_script

PLACE = Path(__file__).resolve().parents[2] / "reports" / "assets" / "plotly.css"
_HEADER = """\
/* The rules that Plotly's script (MIT licence, Plotly, Inc.) writes into a page by itself where no content security policy forbids it.
   Written by `python -m tests.browser.plotly_rules`; tests/browser compares them with the script in use. */
"""
_READ = "[...document.getElementById('plotly.js-style-global').sheet.cssRules].map(rule => rule.cssText)"


def read_rules(page: Page) -> str:
    """Let Plotly's script run in an empty page without a policy, and read what it wrote."""
    page.goto("about:blank")
    page.add_script_tag(path=plotly_script())
    return _HEADER + "\n".join(page.evaluate(_READ)) + "\n"


def main() -> int:
    """Write the file."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        PLACE.write_text(read_rules(browser.new_page()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
