"""Fits run on one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the libraries below scikit-learn to one thread.

    A fit on a sample is thousands of small steps, between which idle threads spin: k-means for ten values of k on
    1,500 rows took 4.0 s on two threads and 0.2 s on one. The last bits no longer depend on the machine either.
    """
    # Imported for what it loads: a limit holds only for libraries that are there when it is set.
    import sklearn.cluster
    import sklearn.mixture  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
