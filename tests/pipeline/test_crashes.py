"""kill -9 of every command at moments drawn from a seed; `make bench-reliability` kills 210 times."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from benchmarks.reliability.__main__ import KILLS, table
from benchmarks.reliability.crashes import Crashes, Left
from benchmarks.reliability.states import States, commands

SEED = 20261123
EACH = 2


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[States]:
    made = States(tmp_path_factory.mktemp("states"))
    with made.server:
        yield made


@pytest.mark.parametrize("name", KILLS)
def test_what_a_kill_leaves_works_adds_up_and_is_of_one_build(states: States, name: str) -> None:
    crashes = Crashes(states, commands(states.people)[name], SEED)
    left = []
    # One that was over before its turn to be killed is no kill: another is drawn.
    for _ in range(4 * EACH):
        if (one := crashes.kill()) is not None:
            left.append(one)
        if len(left) == EACH:
            break
    assert len(left) == EACH
    assert [one.wrong for one in left] == [()] * EACH


def test_the_table_counts_every_kill_and_what_did_not_hold() -> None:
    left = [
        Left("import", 0.11, ("a lock file",), "old", "old"),
        Left("import", 1.5, ("a lock file", "a batch begun"), "mixed", "new", ("status: 1",), rebuilt=True),
    ]
    (row,) = table(left).splitlines()[2:]
    assert row == (
        "| `tribu import` | 2 | 0.11 to 1.50 | a lock file (2), a batch begun (1) | 1, 0, 1 | 0 | 1 | status: 1 (1) |"
    )
