"""kill -9 in each stage of a run: nothing twice, nothing lost, and what was finished is not asked for again."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.collected import collected, landed

from tribu.collect.runs import read_runs

# Place → whether the second slice, in which the process dies, had been fetched whole and is not fetched again.
STAGES = {
    "tribu.collect.extraction:_account": False,
    "dlt.normalize.normalize:Normalize.spool_schema_files": True,
    "dlt.load.load:Load.load_single_package": True,
    "dlt.load.load:Load.complete_package": True,
    "tribu.collect.collecting:land_slice": True,
    "tribu.landing.store:BatchWriter.commit": True,
    "tribu.landing.store:_finish": True,
    "tribu.collect.collecting:write_run": True,
}
# The fifteenth account is in the middle of the second slice; a run is written when it begins and after each slice.
CALL = {"tribu.collect.extraction:_account": 15, "tribu.collect.collecting:write_run": 3}

DYING = """
import importlib, os, signal, sys
from pathlib import Path
from tribu.collect.collecting import collect, open_network
landing, url, place, call = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
module, _, names = place.partition(":")
owner = importlib.import_module(module)
*path, name = names.split(".")
for step in path:
    owner = getattr(owner, step)
true, seen = getattr(owner, name), []
def dying(*arguments, **options):
    seen.append(1)
    if len(seen) == call:
        os.kill(os.getpid(), signal.SIGKILL)
    return true(*arguments, **options)
setattr(owner, name, dying)
collect(Path(landing), open_network("bluesky", url), sys.argv[5:], posts=200, slice_size=10)
"""


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    people = [Person(number, f"person{number}.test", posts=1 + number % 4) for number in range(1, 31)]
    with BlueskyServer(people) as running:
        yield running
        assert running.violations == []


@pytest.mark.parametrize("place", STAGES)
def test_a_killed_run_goes_on_where_it_was(place: str, server: BlueskyServer, tmp_path: Path) -> None:
    people, names = server.people, [one.handle for one in server.people]
    dead = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path / "landing"), server.url, place, str(CALL.get(place, 2)), *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    (left,) = read_runs(tmp_path / "landing")
    assert left.status == "running"
    # A batch that was complete when the process died counts once the next one has finished it.
    assert left.missing in (10, 20)
    before = len(server.log)

    result = collected(tmp_path, server, [], slice_size=10, resume=True)

    assert (result.run.status, result.run.missing) == ("complete", 0)
    assert Counter(landed(tmp_path, "accounts").column("handle").to_pylist()) == Counter(names)
    posts = landed(tmp_path, "posts").column("post_id").to_pylist()
    assert len(posts) == len(set(posts)) == sum(one.posts for one in people)
    asked_again = [asked.one("actor") for asked in server.log[before:] if asked.path.endswith("getAuthorFeed")]
    again = people[20:] if STAGES[place] else people[10:]
    assert sorted(asked_again) == sorted(one.did for one in again)
    assert not (tmp_path / "landing" / ".collecting").exists()
    ledger = landed(tmp_path, "imports").to_pylist()
    assert len({row["_file"] for row in ledger}) == 3
