"""Compare every shipped file's draft with its mapping; figures go to stdout, as a table or with ``--json`` as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.mapping.agreement import Comparison, compare, shipped_files

ROOT = Path(__file__).parents[2]


def table(compared: Sequence[Comparison]) -> str:
    """One line per file, the sum, and every column that is wrong."""
    width = max(len(one.variant) for one in compared)
    lines = [f"{'mapping':{width}} columns as shipped  or twin   mapped  right platform to settle"]
    for one in compared:
        shares = f"{one.as_shipped / one.columns:>10.1%} {one.with_twins / one.columns:>8.1%}"
        right = f"{one.mapped:>8} {one.mapped_right / max(one.mapped, 1):>6.0%}"
        platform = "yes" if one.platform_right else "no"
        lines.append(f"{one.variant:{width}} {one.columns:>7} {shares} {right} {platform:>8} {one.to_settle:>9}")
    columns, mapped = sum(one.columns for one in compared), sum(one.mapped for one in compared)
    lines.append(
        f"{'all':{width}} {columns:>7} {sum(one.as_shipped for one in compared) / columns:>10.1%} "
        f"{sum(one.with_twins for one in compared) / columns:>8.1%} {mapped:>8} "
        f"{sum(one.mapped_right for one in compared) / mapped:>6.0%} "
        f"{sum(one.platform_right for one in compared):>5}/{len(compared)} {sum(one.to_settle for one in compared):>9}"
    )
    wrong = [(one, fault) for one in compared for fault in one.wrong]
    unasked = sum(not fault.asked for _, fault in wrong)
    lines += ["", f"{len(wrong)} columns are wrong, {unasked} of them without being asked about:"]
    for one, fault in wrong:
        asked = "asked about" if fault.asked else "NOT ASKED ABOUT"
        lines.append(
            f"  {one.variant}: {fault.header!r} drafted as {fault.drafted}, shipped as {fault.shipped} ({asked})"
        )
    return "\n".join(lines)


def main() -> None:
    """Draft, compare, print."""
    arguments = argparse.ArgumentParser(
        prog="python -m benchmarks.mapping", description="Drafts beside shipped mappings."
    )
    arguments.add_argument("--json", action="store_true", help="print JSON")
    given = arguments.parse_args()
    data = Path(os.environ.get("TRIBU_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not data.is_dir():
        print(f"left out: no lists in {data} (TRIBU_REAL_DATA)", file=sys.stderr)
        return
    compared = [compare(path, variant) for path, variant in shipped_files(data)]
    print(json.dumps([asdict(one) for one in compared], indent=2) if given.json else table(compared))


if __name__ == "__main__":
    main()
