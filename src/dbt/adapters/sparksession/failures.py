"""What goes wrong on Spark, in words that help: what was expected, what came, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_common.exceptions import DbtRuntimeError

#: What an error of Spark means for who runs a build: words in its text, what was expected, what came, what to do.
KNOWN_FAILURES: Sequence[tuple[tuple[str, ...], str, str, str]] = (
    (
        ("SESSION_NOT_FOUND", "SESSION_CLOSED", "SESSION_CHANGED", "INVALID_HANDLE", "UNAVAILABLE",
         "failed to connect to all addresses"),
        "the Spark Connect server to stay",
        "a server that has stopped or was started anew",
        "when it is up again run `dbt retry`: it goes on with what is missing",
    ),
    (
        ("OutOfMemoryError", "Java heap space", "GC overhead limit exceeded", "must be at least 471859200"),
        "enough memory for the step",
        "an executor or the driver without any left",
        "raise SPARK_DRIVER_MEMORY (one machine) or spark.executor.memory (cluster), then `dbt retry`",
    ),
    (
        # in a local session an executor without memory takes the whole process with it, and this is all that is said
        ("Py4JNetworkError", "Answer from Java side is empty", "[Errno 111] Connection refused",
         "SparkContext was shut down", "stopped SparkContext"),
        "the process of Spark to stay",
        "one that has ended, most often for want of memory",
        "raise SPARK_DRIVER_MEMORY, or look whether the master of the cluster is up; then `dbt retry`",
    ),
    (
        ("ExecutorLostFailure", "Master removed our application", "All masters are unresponsive", "Connection refused"),
        "the cluster to stay",
        "a cluster without its master or without a worker that holds out",
        "start its workers again, then `dbt retry`: it goes on with what is missing",
    ),
)  # fmt: skip


def failure(expected: str, got: str, remedy: str) -> DbtRuntimeError:
    """Word an error as Tribu does: what was expected, what came, what helps."""
    return DbtRuntimeError(f"expected {expected}; got {got}; remedy: {remedy}")


def explained(error: BaseException) -> DbtRuntimeError:
    """Put the remedy before what Spark says; an error that has none stays as Spark words it."""
    text = str(error)
    for words, expected, got, remedy in KNOWN_FAILURES:
        if any(word in text for word in words):
            return DbtRuntimeError(f"{failure(expected, got, remedy)}\n{text}")
    return DbtRuntimeError(text)


def is_of_the_server(error: BaseException) -> bool:
    """Whether a Connect server has gone or forgotten its session, so that another one is to be opened."""
    return any(word in str(error) for word in KNOWN_FAILURES[0][0])
