"""The tables in docs/collecting.md are what the benchmark prints."""

from __future__ import annotations

from pathlib import Path

from benchmarks.collecting.__main__ import counts_table, kills_table, requests_table, servers
from benchmarks.collecting.scenarios import run_killed
from tests.conftest import ROOT
from tests.networks.killing import STAGES

DOCS = (ROOT / "docs" / "collecting.md").read_text(encoding="utf-8")


def test_requests_and_counts_are_those_of_the_docs(tmp_path: Path) -> None:
    runs = servers(tmp_path)

    assert requests_table(runs) in DOCS
    assert counts_table(runs) in DOCS


def test_what_a_kill_leaves_is_what_the_docs_say(tmp_path: Path) -> None:
    # The two stages that leave something else than the others; what each of them leads to is tested stage by stage elsewhere.
    table = kills_table([run_killed(stage, tmp_path / stage.name) for stage in (STAGES[0], STAGES[-1])])

    assert [line for line in table.splitlines() if line not in DOCS.splitlines()] == []
    assert all(f"| {stage.name} | " in DOCS for stage in STAGES)
