"""Fits run one at a time, on one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_FITTING = RLock()


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the libraries below scikit-learn to one thread, and other fits of this process waiting.

    A fit on a sample is thousands of small steps, between which idle threads spin: k-means for ten values of k on
    1,500 rows took 4.0 s on two threads and 0.2 s on one. The last bits no longer depend on the machine either.

    dbt runs Python models of one build side by side in one process. Two that import scikit-learn at the same moment
    can each find it half loaded, and two limits that overlap undo each other; hence the lock.
    """
    with _FITTING:
        # Imported for what it loads: a limit holds only for libraries that are there when it is set.
        import sklearn.cluster
        import sklearn.mixture  # noqa: F401
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1):
            yield
