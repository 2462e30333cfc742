"""Handing over what a build made: the marts in a file of their own and the site, together or not at all.

Both are written whole beside their places. What is to be moved where is then noted in a file of its own: from that
moment on the new ones count, and whoever comes next finishes what a killed process left. Before it, the old ones do.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tribu.errors import OutputFolderError, TribuError, WarehouseError, disk_error
from tribu.folders import replace_folder, staged_beside
from tribu.lock import exclusive_file
from tribu.project import Places

if TYPE_CHECKING:
    import duckdb

SCHEMA: Final = "marts"
"""What is published, and all that is."""

BUILD: Final = "current_build"
"""The mart that says which build the marts are of."""

_NOTE_FORMAT: Final = "tribu-publication"


@dataclass(frozen=True)
class Published:
    """What stands in the published file: the build, its tables and their size in bytes."""

    build_id: str
    tables: int
    size_bytes: int


@contextmanager
def writing(places: Places, *, wait: float | None = None) -> Iterator[None]:
    """Be alone in writing warehouse, published marts and site; finish or remove first what a killed process left.

    Parameters
    ----------
    wait
        Seconds to wait for another writer; by default as `tribu.lock.waiting_time`.

    Raises
    ------
    WarehouseError
        When another process is at work all that time.
    OutputFolderError
        When what was left cannot be finished.
    """
    _make_parent(places.warehouse)
    with exclusive_file(places.lock, of=str(places.warehouse), error=WarehouseError, wait=wait) as is_first:
        if is_first:
            finish_publication(places)
            _discard_drafts(places)
        yield


def stage_marts(connection: duckdb.DuckDBPyConnection, places: Places) -> Published:
    """Copy the marts, with their comments, into a new file beside their place.

    Parameters
    ----------
    connection
        The warehouse; its transaction is left alone.

    Raises
    ------
    OutputFolderError
        When the file cannot be written whole; nothing of it stays.
    WarehouseError
        When the warehouse has no marts that say which build they are of.
    """
    import duckdb

    staged = staged_beside(places.published)
    _make_parent(staged)
    discard(staged)
    cursor = connection.cursor()
    try:
        build_id = read_build_id(cursor, places.warehouse)
        cursor.execute(f"attach {_text(str(staged))} as published (read_write)")
        try:
            tables = _copy(cursor)
        finally:
            cursor.execute("detach published")
        size = staged.stat().st_size
    except (duckdb.Error, OSError) as error:
        discard(staged)
        if disk_error(error) is None:
            raise
        raise OutputFolderError(
            expected=f"room for the published marts at {places.published}",
            got=str(error).splitlines()[0],
            remedy="free space or give write access, or point TRIBU_PUBLISHED elsewhere, and run tribu publish",
        ) from error
    finally:
        cursor.close()
    return Published(build_id, tables, size)


def _copy(cursor: duckdb.DuckDBPyConnection) -> int:
    rows = cursor.execute(
        "select database_name, table_name, comment from duckdb_tables()"
        " where database_name = current_database() and schema_name = $schema order by table_name",
        {"schema": SCHEMA},
    ).fetchall()
    columns = cursor.execute(
        "select table_name, column_name, comment from duckdb_columns()"
        " where database_name = current_database() and schema_name = $schema and comment is not null",
        {"schema": SCHEMA},
    ).fetchall()
    cursor.execute("begin")
    cursor.execute(f"create schema published.{SCHEMA}")
    for database, table, _ in rows:
        place = f"{SCHEMA}.{_name(table)}"
        cursor.execute(f"create table published.{place} as select * from {_name(database)}.{place}")
    for _, table, comment in rows:
        if comment is not None:
            cursor.execute(f"comment on table published.{SCHEMA}.{_name(table)} is {_text(comment)}")
    for table, column, comment in columns:
        cursor.execute(f"comment on column published.{SCHEMA}.{_name(table)}.{_name(column)} is {_text(comment)}")
    cursor.execute("commit")
    return len(rows)


def commit(places: Places, *, marts: bool, site: bool) -> None:
    """Put what is staged in its place; call it within `writing`.

    Raises
    ------
    WarehouseError
        When the two are of different builds, or one of them and what stays.
    OutputFolderError
        When they cannot be moved.
    """
    targets = [target for target, wanted in ((places.site, site), (places.published, marts)) if wanted]
    site_id = site_build_id(staged_beside(places.site) if site else places.site)
    marts_id = published_build_id(staged_beside(places.published) if marts else places.published)
    if site_id is not None and marts_id is not None and site_id != marts_id:
        raise WarehouseError(
            expected=f"a site of build {marts_id}, as the marts are",
            got=f"a site of build {site_id}",
            remedy="run tribu report, which renders the site and publishes the marts together",
        )
    note = _note(places)
    fresh = note.with_name(f"{note.name}.new")
    try:
        moves = [
            {
                "from": str(staged_beside(target)),
                "to": str(target.resolve()),
                "inode": staged_beside(target).stat().st_ino,
            }
            for target in targets
        ]
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({"format": _NOTE_FORMAT, "moves": moves}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(note)
    except OSError as error:
        raise _immovable(places, error) from error
    finish_publication(places)


def finish_publication(places: Places) -> bool:
    """Finish what a killed process had begun to put in its place; call it within `writing`.

    Returns
    -------
    bool
        Whether there was anything to finish.
    """
    note = _note(places)
    try:
        moves = json.loads(note.read_text(encoding="utf-8"))["moves"]
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputFolderError(
            expected=f"a note of what is being published in {note}",
            got=f"{type(error).__name__}",
            remedy="delete that file and run dbt build",
        ) from error
    try:
        for move in moves:
            _take_place(Path(move["from"]), Path(move["to"]), move["inode"])
        note.unlink()
    except OSError as error:
        raise _immovable(places, error) from error
    return True


def _discard_drafts(places: Places) -> None:
    """Remove what a killed process had begun to write beside the places; nobody else writes there now."""
    for target in (places.site, places.published):
        staged = staged_beside(target)
        for draft in staged.parent.glob(f"{staged.name}*"):
            discard(draft)


def is_interrupted(places: Places) -> bool:
    """Whether a killed process has left something for `finish_publication`."""
    return _note(places).exists()


def _take_place(staged: Path, target: Path, inode: int) -> None:
    # By its inode: after an exchange the old folder stands where the new one was.
    if _inode(target) != inode and _inode(staged) == inode:
        if staged.is_dir():
            replace_folder(staged, target)
        else:
            staged.replace(target)
    if _inode(target) == inode:
        discard(staged)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def site_build_id(site: Path) -> str | None:
    """Say of which build a site is; None where there is no site that says so."""
    try:
        overview = json.loads((site / "report.json").read_text(encoding="utf-8"))["overview"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    build_id = overview.get("build_id") if isinstance(overview, dict) else None
    return build_id if isinstance(build_id, str) else None


def published_build_id(published: Path) -> str | None:
    """Say of which build the published marts are; None where there are none that say so."""
    import duckdb

    if not published.is_file():
        return None
    try:
        with duckdb.connect(str(published), read_only=True) as connection:
            return read_build_id(connection, published)
    except (duckdb.Error, TribuError):
        return None


def read_build_id(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Say of which build the marts of an open database are.

    Raises
    ------
    WarehouseError
        When they do not say so.
    """
    import duckdb

    try:
        rows = connection.execute(f"select build_id from {SCHEMA}.{BUILD}").fetchall()
    except duckdb.CatalogException:
        rows = []
    if len(rows) != 1:
        raise WarehouseError(
            expected=f"one row in {SCHEMA}.{BUILD} of {path}", got=f"{len(rows)}", remedy="run dbt build to its end"
        )
    return str(rows[0][0])


def _note(places: Places) -> Path:
    published = places.published.resolve()
    return published.with_name(f".{published.name}.publishing")


def discard(path: Path) -> None:
    """Remove a folder, or a database with its log, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        for file in (path, path.with_name(f"{path.name}.wal")):
            file.unlink(missing_ok=True)


def _make_parent(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFolderError(
            expected=f"a folder {path.parent}", got=error.strerror or str(error), remedy="make it, or choose another"
        ) from error


def _immovable(places: Places, error: OSError) -> OutputFolderError:
    return OutputFolderError(
        expected=f"{places.published} and {places.site} open to being replaced",
        got=error.strerror or str(error),
        remedy="give write access to their folders and run tribu publish",
    )


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
