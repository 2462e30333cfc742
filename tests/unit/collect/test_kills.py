"""kill -9 in each stage of a run: nothing twice, nothing lost, and what was finished is not asked for again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.networks.collected import collected, landed
from tests.networks.killing import SLICE, STAGES, Stage, killed, three_slices

from tribu.collect.runs import read_runs


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_killed_run_goes_on_where_it_was(stage: Stage, tmp_path: Path) -> None:
    with three_slices() as server:
        people, names = server.people, [one.handle for one in server.people]
        killed(tmp_path, server, stage)
        (left,) = read_runs(tmp_path / "landing")
        assert left.status == "running"
        # A batch that was complete when the process died counts once the next one has finished it.
        assert left.missing in (10, 20)
        before = len(server.log)

        result = collected(tmp_path, server, [], slice_size=SLICE, resume=True)

        assert server.violations == []
        assert (result.run.status, result.run.missing) == ("complete", 0)
        assert Counter(landed(tmp_path, "accounts").column("handle").to_pylist()) == Counter(names)
        posts = landed(tmp_path, "posts").column("post_id").to_pylist()
        assert len(posts) == len(set(posts)) == sum(one.posts for one in people)
        asked_again = [asked.one("actor") for asked in server.log[before:] if asked.path.endswith("getAuthorFeed")]
        again = people[20:] if stage.whole else people[10:]
        assert sorted(asked_again) == sorted(one.did for one in again)
        assert not (tmp_path / "landing" / ".collecting").exists()
        ledger = landed(tmp_path, "imports").to_pylist()
        assert len({row["_file"] for row in ledger}) == 3
