"""The warehouse, read-only: only dbt writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from tribu.errors import WarehouseError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class LastBuild(TypedDict):
    """What the last build that reached the marts says of itself."""

    built_at: datetime
    source_kind: str
    influencers: int
    clusters: int
    posts: int
    cluster_run_id: str


@contextmanager
def open_warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for reading.

    Raises
    ------
    WarehouseError
        When it is absent, held by a process that writes, or no DuckDB file of this version.
    """
    import duckdb

    if not path.is_file():
        raise WarehouseError(expected=f"a warehouse at {path}", got="no such file", remedy="run dbt build")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        holder = re.search(r"PID (\d+)", str(error))
        if holder:
            raise WarehouseError(
                expected=f"{path} free to read",
                got=f"process {holder.group(1)} writing to it",
                remedy="wait for that build to end, or end it, and try again",
            ) from error
        raise WarehouseError(
            expected=f"a DuckDB file at {path}",
            got=str(error).splitlines()[0],
            remedy="move it away and run dbt build",
        ) from error
    try:
        yield connection
    finally:
        connection.close()


def read_report_tables(path: Path, columns: Mapping[str, object]) -> dict[str, pa.Table]:
    """Read the ``rpt_*`` tables that the site shows.

    Parameters
    ----------
    path
        The warehouse.
    columns
        Names of the tables, as keys.

    Raises
    ------
    WarehouseError
        As `open_warehouse`, and when a table is missing.
    """
    import duckdb

    with open_warehouse(path) as connection:
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
    with open_warehouse(path) as connection:
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

    A build that stops at a failing test leaves marts that are newer than the reporting tables. Whoever hands
    marts on must not hand on those.

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
    if seen != (build["influencers"], build["posts"], build["cluster_run_id"]):
        raise _unfinished(path, "marts of another build than the reporting tables")
    return build


def _unfinished(path: Path, got: str) -> WarehouseError:
    return WarehouseError(
        expected=f"a finished build in {path}", got=got, remedy="run dbt build to its end; its log names what failed"
    )
