"""WCAG 2.2, level A and AA, by axe: every page, light and dark, and on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.browser.sites import Opened

NewPage = Callable[..., Page]

OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    # axe leaves the one rule of 2.2 out unless it is named.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations", "incomplete"],
}
SIGHTS = (("light", 1240), ("dark", 1240), ("light", 390))
# Thousands of dots take axe a minute and hold no text; the rest of the chart is looked at.
CONTEXT = {"exclude": [[".scatterlayer"]]}

# Closed parts are opened. Of a long table the first rows are looked at, since the others are made by the same lines of a template:
# two hundred members times seven cells would take most of the run.
_PREPARE = """() => {
    document.querySelectorAll('details').forEach(one => { one.open = true; });
    document.querySelectorAll('tbody tr:nth-child(n + 13)').forEach(one => one.remove());
}"""


def test_axe_finds_nothing(on_server: Opened, new_page: NewPage, artefacts: Path) -> None:
    axe = Axe()
    results: list[dict[str, Any]] = []
    for scheme, width in SIGHTS:
        page = new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
        for path in on_server.site.pages:
            page.goto(on_server.url(path), wait_until="load")
            if path.endswith("index.html"):
                expect(page.locator(".chart-plot .main-svg").first).to_be_visible()
            page.evaluate(_PREPARE)
            response = axe.run(page, context=CONTEXT, options=OPTIONS).response
            results.append(
                {
                    "page": path,
                    "scheme": scheme,
                    "width": width,
                    "violations": response["violations"],
                    "undecided": [(one["id"], len(one["nodes"])) for one in response["incomplete"]],
                }
            )
        page.context.close()
    told = {"axe": response["testEngine"]["version"], "tags": OPTIONS["runOnly"], "runs": results}
    (artefacts / "axe.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    found = sorted(
        {
            f"{one['id']} on {run['page']} ({run['scheme']}, {run['width']}): {node['html'][:160]}"
            for run in results
            for one in run["violations"]
            for node in one["nodes"]
        }
    )
    assert found == [], "\n".join(found)


def test_axe_can_find_something(on_server: Opened, new_page: NewPage) -> None:
    """The rules run: a page that is spoilt on purpose has findings of A, AA and 2.2."""
    page = new_page()
    page.goto(on_server.url("index.html"))
    page.evaluate(
        """() => {
            document.documentElement.removeAttribute('lang');
            const pale = Object.assign(document.createElement('p'), { textContent: 'pale' });
            pale.style.color = '#ddd';
            const tiny = document.createElement('p');
            for (const name of ['a', 'b']) {
                const button = Object.assign(document.createElement('button'), { textContent: name });
                Object.assign(button.style, { width: '10px', height: '10px', padding: 0, border: 0, fontSize: '8px' });
                tiny.append(button);
            }
            document.querySelector('#content').prepend(pale, tiny);
        }"""
    )
    found = {one["id"] for one in Axe().run(page, options=OPTIONS).response["violations"]}
    assert {"html-has-lang", "color-contrast", "target-size"} <= found
