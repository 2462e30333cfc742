"""Connections: cursors over the one session, their bindings, and failures in words that help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.spark.connections import SparkConnectionManager, SparkConnectionMethod, SparkCredentials
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper
from dbt_common.exceptions import DbtRuntimeError

from dbt.adapters.sparksession.failures import explained, is_of_the_server
from dbt.adapters.sparksession.session import current_session, forget_session, without_parameters, write_again


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

    def connection_info(self, *, with_aliases: bool = False) -> Iterable[tuple[str, Any]]:
        """Give what ``dbt debug`` prints."""
        for key, value in super().connection_info(with_aliases=with_aliases):
            yield key, without_parameters(str(value)) if key == "host" else value


@contextmanager
def in_words_that_help() -> Generator[None, None, None]:
    """Say what helps; a session that its server has forgotten is not asked again."""
    try:
        yield
    except DbtRuntimeError:
        raise
    except Exception as error:
        if is_of_the_server(error):
            forget_session()
        raise explained(error) from error


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
        session = current_session(self._master, self.server_side_parameters)
        self._df = write_again(session, lambda: session.sql(sql))

    # dbt reads columns and rows after it has left its handler of errors, and a server is asked for them only then
    @property
    def description(self) -> Any:
        """Columns of the rows."""
        with in_words_that_help():
            return super().description

    def fetchall(self) -> Any:
        """Give all rows."""
        with in_words_that_help():
            return super().fetchall()

    def fetchone(self) -> Any:
        """Give the next row."""
        with in_words_that_help():
            return super().fetchone()


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


class SparkSessionConnectionManager(SparkConnectionManager):
    """dbt-spark's manager, for sessions only."""

    TYPE = "sparksession"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open a connection: a door to the one session, which opens with the first statement."""
        if connection.state != ConnectionState.OPEN:
            # Any: dbt-spark names its own class for what only has to give cursors
            handle: Any = SessionHandle(connection.credentials)
            connection.handle = SessionWrapper(handle)
            connection.state = ConnectionState.OPEN
        return connection

    @contextmanager
    def exception_handler(self, sql: str) -> Generator[None, None, None]:
        """Say what helps."""
        with in_words_that_help():
            yield
