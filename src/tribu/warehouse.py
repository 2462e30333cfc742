"""The warehouse: reading it, waiting for it, and whether its tables are of one build. All else in it is dbt's."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from tribu.errors import WarehouseError
from tribu.lock import described, refused, tell, waiting_time

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


_PAUSE: Final = 0.2

# In no schema of the models: it is none, and tells of the file, not of influencers.
_STATE: Final = "main.tribu_build"

# Any of them is in every warehouse that a build of Tribu has begun, of whatever version.
_OWN_TABLES: Final = ("main.tribu_build", "reference.platforms", "staging.stg_imports")


class LastBuild(TypedDict):
    """What the last build that reached the marts says of itself."""

    built_at: datetime
    source_kind: str
    influencers: int
    clusters: int
    posts: int
    cluster_run_id: str


@contextmanager
def open_warehouse(
    path: Path, *, wait: float | None = None, say: Callable[[str], None] = tell
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for reading.

    Parameters
    ----------
    path
        The warehouse.
    wait
        Seconds to wait for a process that writes; by default as `tribu.lock.waiting_time`.
    say
        Called once with a line when there is somebody to wait for.

    Raises
    ------
    WarehouseError
        When it is absent, held by a process that writes, or no DuckDB file of this version.
    """
    if not path.is_file():
        raise WarehouseError(expected=f"a warehouse at {path}", got="no such file", remedy="run dbt build")
    connection = _opened(path, True, waiting_time() if wait is None else wait, say)
    try:
        yield connection
    finally:
        connection.close()


def wait_for_file(path: Path, *, wait: float, say: Callable[[str], None] = tell) -> None:
    """Wait until nobody has the warehouse open, and look whether it is one.

    Parameters
    ----------
    path
        The warehouse; it need not exist.
    wait
        Seconds.
    say
        Called once with a line when there is somebody to wait for.

    Raises
    ------
    WarehouseError
        When a process has it open all that time, or it is something else than a warehouse of Tribu.
    """
    if not path.exists():
        return
    connection = _opened(path, False, wait, say)
    try:
        tables = [
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables() order by schema_name, table_name"
            ).fetchall()
        ]
    finally:
        connection.close()
    if tables and not set(tables) & set(_OWN_TABLES):
        some = ", ".join(tables[:3]) + (" and more" if len(tables) > 3 else "")
        raise WarehouseError(
            expected=f"a warehouse that Tribu has built, or none, at {path}",
            got=f"a database with tables of its own: {some}",
            remedy="point TRIBU_WAREHOUSE elsewhere, or move that database away",
        )


def _opened(path: Path, read_only: bool, wait: float, say: Callable[[str], None]) -> duckdb.DuckDBPyConnection:
    import duckdb

    deadline, has_said = time.monotonic() + wait, False
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.Error as error:
            pid = re.search(r"PID (\d+)", str(error))
            if pid is None:
                raise WarehouseError(
                    expected=f"a DuckDB file of this version at {path}",
                    got=str(error).splitlines()[0],
                    remedy="move it away and run dbt build; what was imported and the accepted models are not in it",
                ) from error
            # The lock is DuckDB's, so what is known of its holder is what the system tells.
            holder = described(int(pid[1]))
            if time.monotonic() >= deadline:
                raise refused(str(path), holder, WarehouseError, wait) from error
            if not has_said:
                say(f"waiting up to {wait:g} s for {path}, held by {holder}")
                has_said = True
            time.sleep(_PAUSE)


def begin_build(connection: duckdb.DuckDBPyConnection, build_id: str) -> None:
    """Note that tables are about to change: until `end_build` they are of two builds.

    Parameters
    ----------
    connection
        The warehouse, open for writing.
    build_id
        dbt's invocation_id.
    """
    cursor = connection.cursor()
    try:
        cursor.execute(
            f"create table if not exists {_STATE}"
            " (build_id varchar not null, is_whole boolean not null, was_whole boolean not null)"
        )
        cursor.execute("begin")
        rows = cursor.execute(f"select is_whole from {_STATE}").fetchall()
        cursor.execute(f"delete from {_STATE}")
        cursor.execute(f"insert into {_STATE} values (?, false, ?)", [build_id, rows == [(True,)]])
        cursor.execute("commit")
    finally:
        cursor.close()


def end_build(connection: duckdb.DuckDBPyConnection, build_id: str, *, is_complete: bool) -> bool:
    """Note that a run ended well.

    Parameters
    ----------
    connection
        The warehouse, open for writing.
    build_id
        dbt's invocation_id, as `begin_build` had it.
    is_complete
        Whether the run made every model. One that made some leaves the warehouse as whole as it was.

    Returns
    -------
    bool
        Whether the tables can be published.
    """
    cursor = connection.cursor()
    try:
        cursor.execute(f"update {_STATE} set is_whole = ? or was_whole where build_id = ?", [is_complete, build_id])
    finally:
        cursor.close()
    return is_whole(connection) is True


def is_whole(connection: duckdb.DuckDBPyConnection) -> bool | None:
    """Whether the tables of an open warehouse are of one build that ended well; None where it does not say."""
    import duckdb

    try:
        rows = connection.execute(f"select is_whole from {_STATE}").fetchall()
    except duckdb.CatalogException:
        return None
    return bool(rows[0][0]) if rows else None


def read_tables(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, object]
) -> dict[str, pa.Table]:
    """Read the ``rpt_*`` tables that the site shows.

    Parameters
    ----------
    connection
        The warehouse, open.
    path
        Its place, for messages.
    columns
        Names of the tables, as keys.

    Raises
    ------
    WarehouseError
        When a table is missing.
    """
    import duckdb

    try:
        return {name: connection.sql(f"select * from reporting.{name}").to_arrow_table() for name in columns}
    except duckdb.CatalogException as error:
        raise WarehouseError(
            expected=f"the tables of schema reporting in {path}",
            got=str(error).splitlines()[0],
            remedy="run dbt build to its end",
        ) from error


def last_build(path: Path) -> LastBuild | None:
    """Say what was built last; None where the warehouse holds no finished build.

    Raises
    ------
    WarehouseError
        As `open_warehouse`.
    """
    with open_warehouse(path, wait=0) as connection:
        return read_last_build(connection)


def read_last_build(connection: duckdb.DuckDBPyConnection) -> LastBuild | None:
    """Say what the build behind an open warehouse was; None where none has finished."""
    import duckdb

    try:
        # all rows of one: a result that is not read to its end holds the connection
        rows = connection.execute(
            "select built_at, source_kind, influencers, clusters, posts, cluster_run_id from reporting.rpt_overview"
        ).fetchall()
    except duckdb.CatalogException:
        return None
    if not rows:
        return None
    built_at, source_kind, influencers, clusters, posts, cluster_run_id = rows[0]
    return LastBuild(
        built_at=built_at,
        source_kind=source_kind,
        influencers=influencers,
        clusters=clusters,
        posts=posts,
        cluster_run_id=cluster_run_id,
    )


def read_finished_build(connection: duckdb.DuckDBPyConnection, path: Path) -> LastBuild:
    """Say what was built, and that marts and reporting are of that one build.

    A build that stops at a failing test, or is killed, leaves tables of two builds. Whoever hands marts on must not
    hand on those.

    Raises
    ------
    WarehouseError
        When no build has finished, or the last one stopped between the marts and the reports.
    """
    import duckdb

    build = read_last_build(connection)
    try:
        (seen,) = connection.execute(
            "select (select count(*) from marts.dim_influencers), (select count(*) from marts.fct_posts),"
            " (select coalesce(max(cluster_run_id), 'none') from marts.dim_clusters)"
        ).fetchall()
    except duckdb.CatalogException as error:
        raise _unfinished(path, str(error).splitlines()[0]) from error
    if build is None:
        raise _unfinished(path, "no table reporting.rpt_overview")
    if is_whole(connection) is False:
        raise _unfinished(path, "one that failed or was cut off")
    if seen != (build["influencers"], build["posts"], build["cluster_run_id"]):
        raise _unfinished(path, "marts of another build than the reporting tables")
    return build


def _unfinished(path: Path, got: str) -> WarehouseError:
    return WarehouseError(
        expected=f"a finished build in {path}", got=got, remedy="run dbt build to its end; its log names what failed"
    )
