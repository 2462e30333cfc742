"""Prints which share of the lines of each package the tests have run, from the file that `make coverage` leaves."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import coverage


def by_package(data_file: str = ".coverage") -> dict[str, tuple[int, int]]:
    """Return lines run and lines by package of the library; modules at its top are a package of their own."""
    measured = coverage.Coverage(data_file=data_file)
    measured.load()
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for file in measured.get_data().measured_files():
        _, lines, _, missing, _ = measured.analysis2(file)
        parts = Path(file).parts
        inner = parts[len(parts) - parts[::-1].index("tribu") :]
        package = f"tribu.{inner[0]}" if len(inner) > 1 else "tribu"
        counted[package][0] += len(lines) - len(missing)
        counted[package][1] += len(lines)
    return {package: (run, of) for package, (run, of) in sorted(counted.items())}


if __name__ == "__main__":
    found = by_package()
    print("| package | lines | run by tests |\n|---|---|---|")
    for name, (run, of) in found.items():
        print(f"| `{name}` | {of:,} | {run / max(of, 1):.1%} |")
    total = [sum(counts) for counts in zip(*found.values(), strict=True)]
    print(f"| all | {total[1]:,} | {total[0] / max(total[1], 1):.1%} |")
