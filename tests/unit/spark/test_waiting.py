"""Work on Spark that waits for a core is told, once a minute, and not while any statement of the build is at work."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tests.engines import SPARK_MISSING

if SPARK_MISSING:
    pytest.skip(SPARK_MISSING, allow_module_level=True)

from dbt.adapters.sparksession.waiting import SILENCE_SECONDS, WaitingWork


class Watched:
    """Waiting work with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[str] = []
        self.work = WaitingWork("spark://host:7077", self.told.append, lambda: self.now)

    def after(self, seconds: float, *, due: bool = True, running: bool = False) -> int:
        """Look after so many seconds; how often it has been told by then."""
        self.now += seconds
        self.work.seen(due=due, running=running)
        return len(self.told)


def test_silence_is_told_once_a_minute() -> None:
    watched = Watched()
    assert [watched.after(SILENCE_SECONDS / 2) for _ in range(6)] == [0, 0, 1, 1, 2, 2]
    assert "expected a task of this build to run on spark://host:7077; got none for 60 s" in watched.told[0]
    assert "none for 120 s" in watched.told[1]


@pytest.mark.parametrize("look", [{"running": True}, {"due": False}])
def test_a_running_task_or_nothing_to_do_ends_the_silence(look: dict[str, bool]) -> None:
    watched = Watched()
    watched.after(0)
    watched.after(SILENCE_SECONDS - 1, **look)
    assert watched.after(SILENCE_SECONDS - 1) == 0
    assert watched.after(SILENCE_SECONDS) == 1


def test_statements_of_a_server_are_looked_at_together() -> None:
    watched = Watched()
    waiting = [SimpleNamespace(done=False, num_tasks=4, num_completed_tasks=1)]
    done = [SimpleNamespace(done=True, num_tasks=4, num_completed_tasks=4)]
    for _ in range(4):
        watched.now += SILENCE_SECONDS / 2
        watched.work.on_progress(waiting, 0, False, operation_id="one")
        watched.work.on_progress(waiting, 2, False, operation_id="other")
    assert watched.told == []
    for stages, tells in ((done, 0), (waiting, 0), (waiting, 1)):
        watched.now += SILENCE_SECONDS
        watched.work.on_progress(stages, 0, False, operation_id="one")
        assert len(watched.told) == tells
