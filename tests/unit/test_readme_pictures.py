"""Every picture of the README is made by the one command, and every picture that is made is shown."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_readme_shows_what_make_picture_makes() -> None:
    # Read, not imported: the browser's library is no requirement of these tests.
    tree = ast.parse((ROOT / "tests" / "browser" / "pictures.py").read_text(encoding="utf-8"))
    (made,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "PICTURES"
    )
    shown = re.findall(r"!\[[^\]]+\]\(docs/images/([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(made) == sorted(shown) == sorted(path.name for path in (ROOT / "docs" / "images").iterdir())
