"""docs/licences.md lists what the locks have. That the licences are those of the packages, `make check` says."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests import licences


def test_every_locked_package_is_listed_with_its_use() -> None:
    assert {name: use for name, (use, _) in licences.listed().items()} == licences.needed_for(), "remedy: make licences"


def test_every_listed_licence_may_be_declared() -> None:
    settings = tomllib.loads((licences.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pip-licenses"]
    allowed = {licence.strip() for licence in settings["allow-only"].split(";")}
    refused = {
        name: licence for name, (_, licence) in licences.listed().items() if not allowed & set(licence.split("; "))
    }
    assert not refused
    assert not [licence for licence in allowed if "GPL" in licence.replace("MPL", "")]


def test_a_lock_says_who_asks_for_what(tmp_path: Path) -> None:
    (lock := tmp_path / "some.lock").write_text(
        "one[extra]==1.0 ; sys_platform == 'darwin' \\\n    --hash=sha256:aa\n    # via tribu (pyproject.toml)\n"
        "Two_b==2.0 \\\n    --hash=sha256:bb\n    # via\n    #   -c requirements.lock\n    #   one\n    #   Three.c\n",
        encoding="utf-8",
    )
    assert licences.locked(lock) == {"one": {"tribu"}, "two-b": {"one", "three-c"}}


def test_what_runs_is_told_from_what_only_tests_need() -> None:
    uses = licences.needed_for()
    assert {uses[name] for name in ("duckdb", "numba", "markupsafe")} == {"run"}
    assert {uses[name] for name in ("pytest", "hypothesis", "matplotlib")} == {"tests"}
    assert uses["pyspark"] == "Spark"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("echo 'license GPL-3.0 not in allow-only licenses was found for package x:1' >&2; exit 1", "GPL-3.0"),
        ('echo \'[{"Name": "duckdb", "License": "Another"}]\'', "remedy: make licences"),
    ],
)
def test_a_licence_not_allowed_or_not_listed_stops(tmp_path: Path, answer: str, message: str) -> None:
    tool = tmp_path / "pip-licenses"
    tool.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    tool.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-m", "tests.licences", str(tool)],
        cwd=licences.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert message in done.stderr
