"""The workflows run what people run, with least rights, and nobody can change an action under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def faults(text: str) -> Iterator[str]:
    """What of a workflow gives away more than it must."""
    workflow = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts only: with YAML 1.1, `on` would be a boolean
    if workflow.get("permissions") != {"contents": "read"}:
        yield "rights of the workflow"
    triggers = workflow["on"]
    if {"pull_request_target", "workflow_run", "issue_comment"} & set(triggers):
        yield "a trigger that runs with rights of the repository on what strangers send"
    for line in re.findall(r"\buses:\s*(.*)", text):
        if not PINNED.match(line):
            yield f"not pinned by commit with its tag beside it: {line}"
    for job in workflow["jobs"].values():
        if "permissions" in job:
            yield "rights of a job"
        if "timeout-minutes" not in job:
            yield "no time limit"
        for step in job["steps"]:
            yield from _faults_of(step)


def _faults_of(step: dict[str, Any]) -> Iterator[str]:
    checkout = step.get("uses", "").startswith("actions/checkout@")
    if checkout and step.get("with", {}).get("persist-credentials") != "false":
        yield "the token stays in the clone"
    if "${{" in step.get("run", ""):
        yield "an expression within a shell"
    if "secrets." in str(step):
        yield "a secret"


def test_there_are_workflows_and_they_have_no_fault() -> None:
    assert [path.name for path in WORKFLOWS] == ["audit.yml", "ci.yml"]
    assert {path.name: list(faults(path.read_text(encoding="utf-8"))) for path in WORKFLOWS} == {
        "audit.yml": [],
        "ci.yml": [],
    }


@pytest.mark.parametrize(
    ("whole", "damaged"),
    [
        (r"permissions:\n  contents: read\n", ""),
        (r"contents: read", "contents: write"),
        (r"  pull_request:", "  pull_request_target:"),
        (r"@[0-9a-f]{40} #", "@v6 #"),
        (r"@([0-9a-f]{40}) # v.*", r"@\1"),
        (r"(    timeout-minutes: \d+\n)", r"\1    permissions: write-all\n"),
        (r"    timeout-minutes: \d+\n", ""),
        (r"persist-credentials: false", "persist-credentials: true"),
        (r"run: make check", "run: echo ${{ github.event.pull_request.title }}"),
        (r"run: make check", "run: make check KEY=${{ secrets.KEY }}"),
    ],
)
def test_each_fault_is_found(whole: str, damaged: str) -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    changed = re.sub(whole, damaged, text)
    assert changed != text
    assert list(faults(changed))


def test_they_run_targets_that_exist_and_all_that_ci_runs() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    workflows = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in WORKFLOWS}
    runs = {
        name: " ".join(step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"])
        for name, workflow in workflows.items()
    }
    words = {name: set(re.sub(r"&& git diff.*?\.md|\bmake\b", "", text).split()) for name, text in runs.items()}
    assert words["ci.yml"] | words["audit.yml"] <= targets
    own = set(re.findall(r"make ([a-z-]+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE))
    assert own == words["ci.yml"]
    assert words["audit.yml"] == {"audit", "licences", "sbom", "setup-spark"}
