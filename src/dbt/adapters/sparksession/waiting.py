"""Work that waits for a core: said aloud, for Spark itself waits for ever, and says so in a log of the JVM only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from dbt.adapters.events.logging import AdapterLogger

from dbt.adapters.sparksession.failures import failure

#: Seconds without a running task after which it is said, and after which it is said again.
SILENCE_SECONDS = 60
#: Seconds between two looks at a cluster of one's own session; a Connect server reports by itself, every two.
LOOK_SECONDS = 5.0

_logger = AdapterLogger("Spark")


class WaitingWork:
    """Notices that tasks of the build are due and none runs; a warning, for the build goes on when a core is there.

    Parameters
    ----------
    where
        The master or the server, as the profile names it.
    warn
        Takes the words.
    clock
        Gives seconds.
    """

    def __init__(
        self, where: str, warn: Callable[[str], None] = _logger.warning, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._where = where
        self._warn = warn
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._said_at = 0.0

    def seen(self, *, due: bool, running: bool) -> None:
        """Take a look into account: whether tasks are due, and whether any runs."""
        with self._lock:
            now = self._clock()
            if running or not due:
                self._since = None
                return
            if self._since is None:
                self._since = self._said_at = now
            if now - self._said_at < SILENCE_SECONDS:
                return
            self._said_at = now
            seconds = round(now - self._since)
        told = failure(
            f"a task of this build to run on {self._where}",
            f"none for {seconds} s: no worker is left, none has the memory asked for, or others hold all cores",
            "start its workers again or wait for the others: the build goes on by itself",
        )
        self._warn(str(told.msg))

    def on_progress(self, stages: Iterable[Any] | None, inflight_tasks: int, done: bool, **_: Any) -> None:
        """Take what a Connect server reports of one statement; another one may be at work while it waits."""
        if not done:
            due = any(not stage.done and stage.num_completed_tasks < stage.num_tasks for stage in stages or ())
            self.seen(due=due, running=inflight_tasks > 0)

    def watch(self, tracker: Any) -> None:
        """Look at the cluster of a session of one's own, until the process ends.

        Parameters
        ----------
        tracker
            ``SparkStatusTracker`` of the JVM.
        """

        def look() -> None:
            while True:
                time.sleep(LOOK_SECONDS)
                try:
                    due = len(tracker.getActiveJobIds()) > 0
                    running = any(info.numRunningTasks() > 0 for info in tracker.getExecutorInfos())
                except Exception:
                    return  # the JVM has gone, and the statement that it ran tells why
                self.seen(due=due, running=running)

        threading.Thread(target=look, name="waiting-work", daemon=True).start()
