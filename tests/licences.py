"""The licences of what Tribu installs: writes docs/licences.md, or says where it and the environment differ.

``python -m tests.licences PIP_LICENSES [--write]``. pip-licenses reads the environment that runs this and holds every licence against the list
in pyproject.toml; a package that is not installed here (another system, Spark) keeps the line that it has.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
LOCKS = {"build": ROOT / "requirements.lock", "Spark": ROOT / "requirements-spark.lock"}
HEAD = """# Licences

The packages that `make build` and `make setup-spark` install, with the licence that each declares: {run} to run Tribu, {spark} more to run it on
Spark, and {tests} more for its tests. Written by `make licences` from the locked requirements, which have the versions. `make check` holds the page
against the environment, and every licence against the list `[tool.pip-licenses]` in [pyproject.toml](../pyproject.toml). Where a package offers
several licences, separated by `;` or `OR`, one on the list is enough. None of them is changed or copied into this repository; a site carries
Plotly's script (MIT). The tools of `make check`, `make audit`, `make test-browser` and `make test-network` are not listed: nothing runs on them.

| Package | Needed for | Licence |
|---|---|---|
"""


def name_of(requirement: str) -> str:
    """Return the normal form of the name that a requirement begins with."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def locked(lock: Path) -> dict[str, set[str]]:
    """Return the packages of a lock, each with those that ask for it."""
    packages: dict[str, set[str]] = {}
    name = ""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            name = name_of(line)
            packages.setdefault(name, set())
        elif asker := re.match(r"    #(?: via|  ) +([A-Za-z0-9].*)", line):
            packages[name].add(name_of(asker[1]))
    return packages


def needed_for() -> dict[str, str]:
    """Return what each package is needed for: ``run``, ``tests`` or ``Spark``."""
    build = locked(LOCKS["build"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = {name_of(requirement) for requirement in project["dependencies"]}
    while more := {name for name, askers in build.items() if askers & run} - run:
        run |= more
    uses = {name: "run" if name in run else "tests" for name in build}
    return {**dict.fromkeys(locked(LOCKS["Spark"]), "Spark"), **uses}


def listed() -> dict[str, tuple[str, str]]:
    """Return what the page says: use and licence by package."""
    rows = re.findall(r"^\| ([^ |]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: (use, licence) for name, use, licence in rows if name != "Package"}


def installed(tool: str, packages: dict[str, str]) -> dict[str, str]:
    """Return the licences that the installed packages declare; stops at one that the list does not have."""
    command = [tool, "--python", sys.executable, "--with-system", "--format", "json", "--packages", *packages]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"expected licences of the list [tool.pip-licenses] in pyproject.toml; got: {done.stderr.strip()}; "
            "remedy: do without the package, or add the licence there after reading it"
        )
    return {name_of(row["Name"]): " ".join(row["License"].split()) for row in json.loads(done.stdout)}


def page(uses: dict[str, str], licences: dict[str, str]) -> str:
    """Return the page."""
    counts = {use: list(uses.values()).count(use) for use in ("run", "tests", "Spark")}
    rows = (f"| {name} | {uses[name]} | {licences[name]} |\n" for name in sorted(uses))
    return HEAD.format(run=counts["run"], tests=counts["tests"], spark=counts["Spark"]) + "".join(rows)


def main(tool: str, *, write: bool) -> None:
    """Write the page, or stop if it is not what would be written."""
    uses = needed_for()
    kept = {name: licence for name, (_, licence) in listed().items()} if PAGE.exists() else {}
    licences = {**kept, **installed(tool, uses)}
    if missing := sorted(set(uses) - set(licences)):
        sys.exit(
            f"expected a licence for every locked package; got none for {', '.join(missing)}, not installed here; "
            "remedy: make setup-spark for Spark's, else read its metadata and add its line to docs/licences.md by hand"
        )
    text = page(uses, licences)
    if write:
        PAGE.write_text(text, encoding="utf-8")
    elif text != PAGE.read_text(encoding="utf-8"):
        sys.exit("expected docs/licences.md as the environment has it; got another; remedy: make licences")


if __name__ == "__main__":
    main(sys.argv[1], write="--write" in sys.argv[2:])
