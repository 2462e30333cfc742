"""Prints which share of the changes that `make mutation` made in each module a test noticed, and names those that none did."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path("mutants/src/tribu/cluster")
# How mutmut says that a change went unnoticed: every test passed, or none runs the line.
UNNOTICED = {0, 33}
SKIPPED = {None, 34}


def by_module(folder: Path = FOLDER) -> dict[str, tuple[int, int, list[str]]]:
    """Return changes noticed, changes tried, and the names of those that survived, by module."""
    found = {}
    for path in sorted(folder.glob("*.py.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        tried = {name: code for name, code in codes.items() if code not in SKIPPED}
        survived = [name for name, code in tried.items() if code in UNNOTICED]
        if tried:
            found[path.name.removesuffix(".py.meta")] = (len(tried) - len(survived), len(tried), survived)
    return found


if __name__ == "__main__":
    modules = by_module()
    print("| module | changes tried | noticed |\n|---|---|---|")
    for module, (noticed, tried, _) in modules.items():
        print(f"| `{module}` | {tried:,} | {noticed / tried:.1%} |")
    noticed, tried = (sum(one[place] for one in modules.values()) for place in (0, 1))
    print(f"| all | {tried:,} | {noticed / max(tried, 1):.1%} |")
    for _, _, survived in modules.values():
        for name in survived:
            print(f"survived: {name} (mutmut show {name})")
