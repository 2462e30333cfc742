"""Connections: cursors over the one session, their bindings, and failures in words that help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.spark.connections import SparkConnectionManager, SparkConnectionMethod, SparkCredentials
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.session import current_session, failure, forget_session


@dataclass
class SparkSessionCredentials(SparkCredentials):
    """As dbt-spark's; ``host`` is the master (``local[2]``, ``spark://…``) or the Connect server (``sc://…``)."""

    def __post_init__(self) -> None:
        self.method = SparkConnectionMethod.SESSION
        super().__post_init__()

    @property
    def type(self) -> str:
        """Name of the adapter in profiles."""
        return "sparksession"

    @property
    def unique_field(self) -> str:
        """What tells one profile from another."""
        return str(self.host)

    def _connection_keys(self) -> tuple[str, ...]:
        return "host", "schema"


class SessionCursor(Cursor):
    """dbt-spark's cursor, on the session of the profile instead of whichever is active in the thread."""

    def __init__(self, credentials: SparkSessionCredentials) -> None:
        super().__init__(server_side_parameters=credentials.server_side_parameters)
        self._master = str(credentials.host)

    def execute(self, sql: str, *parameters: Any) -> None:
        """Run a statement; queries are read when rows are asked for."""
        if parameters:
            sql %= parameters
        self._rows = None
        self._df = current_session(self._master, self.server_side_parameters).sql(sql)


class SessionHandle:
    """What dbt-spark's wrapper calls for cursors."""

    def __init__(self, credentials: SparkSessionCredentials) -> None:
        self._credentials = credentials

    def cursor(self) -> SessionCursor:
        """Give a cursor of its own to each statement."""
        return SessionCursor(self._credentials)


class SessionWrapper(SessionConnectionWrapper):
    """dbt-spark's wrapper with literals that hold whatever a seed holds.

    The one it has writes null as ``'None'``, a whole number as a double, and an apostrophe as the end of the text.
    """

    @classmethod
    def _fix_binding(cls, value: Any) -> str:
        return literal(value)


def literal(value: object) -> str:
    """Write a value as SQL of Spark, where a backslash makes something else of the sign after it.

    Parameters
    ----------
    value
        None, a boolean, a number, a date, a moment or text.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'"
    if isinstance(value, dt.date):
        return f"date '{value.isoformat()}'"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


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
        ("OutOfMemoryError", "Java heap space", "GC overhead limit exceeded"),
        "enough memory for the step",
        "an executor or the driver without any left",
        "raise SPARK_DRIVER_MEMORY (one machine) or spark.executor.memory (cluster), then `dbt retry`",
    ),
    (
        ("ExecutorLostFailure", "Master removed our application", "All masters are unresponsive",
         "SparkContext was shut down", "stopped SparkContext", "Connection refused"),
        "the cluster to stay",
        "a cluster without its master or without a worker that holds out",
        "start its workers again, then `dbt retry`: it goes on with what is missing",
    ),
)  # fmt: skip


def explained(error: BaseException) -> DbtRuntimeError:
    """Put the remedy before what Spark says; an error that has none stays as Spark words it."""
    text = str(error)
    for words, expected, got, remedy in KNOWN_FAILURES:
        if any(word in text for word in words):
            return DbtRuntimeError(f"{failure(expected, got, remedy)}\n{text}")
    return DbtRuntimeError(text)


class SparkSessionConnectionManager(SparkConnectionManager):
    """dbt-spark's manager, for sessions only."""

    TYPE = "sparksession"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open a connection: a door to the one session, which opens with the first statement."""
        if connection.state != ConnectionState.OPEN:
            connection.handle = SessionWrapper(SessionHandle(connection.credentials))
            connection.state = ConnectionState.OPEN
        return connection

    @contextmanager
    def exception_handler(self, sql: str) -> Generator[None, None, None]:
        """Say what helps; a session that its server has forgotten is not asked again."""
        try:
            yield
        except DbtRuntimeError:
            raise
        except Exception as error:
            told = explained(error)
            if any(word in str(error) for word in KNOWN_FAILURES[0][0]):
                forget_session()
            raise told from error
