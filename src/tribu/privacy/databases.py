"""DuckDB files without a person: written anew, for DuckDB leaves what it deletes in freed blocks."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tribu.errors import WarehouseError
from tribu.folders import staged_beside
from tribu.landing.forgotten import DISTINCTIVE
from tribu.landing.sql import literal
from tribu.privacy.people import Person
from tribu.publication import discard

if TYPE_CHECKING:
    import duckdb


def keys_of(path: Path, person: Person) -> frozenset[str]:
    """Keys under which the warehouse knows an account; none where there is no warehouse or no such table."""
    sql = (
        "select influencer_key from old.marts.dim_influencers where platform = ? "
        "and (list_contains(?, lower(handle)) or list_contains(?, lower(account_id)))"
    )
    names = sorted(person.names)
    return frozenset(str(key) for (key,) in _rows(path, sql, [person.platform, names, names]))


def linked_accounts(path: Path, person: Person) -> list[tuple[str, str]]:
    """Platform and handle (or id) of the other accounts that the warehouse takes for the same human being's."""
    sql = (
        "select others.platform, coalesce(others.handle, others.account_id) from old.marts.person_accounts as own "
        "inner join old.marts.person_accounts as others on own.person_key = others.person_key "
        "where list_contains(?, own.influencer_key) and not list_contains(?, others.influencer_key) order by all"
    )
    keys = sorted(person.keys)
    return [(str(platform), str(handle)) for platform, handle in _rows(path, sql, [keys, keys])]


def rows_naming(path: Path, person: Person) -> dict[str, int]:
    """Rows of each table in which any value names the person; tables without one are left out."""
    import duckdb

    if not path.exists():
        return {}
    with duckdb.connect() as connection:
        _attach(connection, path)
        counts = {
            f"{schema}.{table}": _count(connection, f"{_name(schema, table)} as t where {_names('t', person)}")
            for schema, table in _tables(connection)
        }
    return {table: count for table, count in counts.items() if count}


def erase_from_database(path: Path, person: Person) -> None:
    """Write a database anew without the rows in which any value names the person.

    Rows of others that name them, such as a post's caption, leave too: the next build makes them anew from what is
    landed. Until then everything else can be read as it was. The new file takes the place of the old one at once; who
    has the old one open keeps reading it.

    Raises
    ------
    WarehouseError
        When a process is writing the database.
    """
    import duckdb

    fresh = path.with_name(f".{path.name}.forgetting")
    discard(fresh)
    with duckdb.connect() as connection:
        _attach(connection, path)
        connection.execute(f"attach {literal(str(fresh))} as new")
        connection.execute("copy from database old to new (schema)")
        for schema, table in _tables(connection):
            connection.execute(
                f"insert into {_name(schema, table, 'new')} select * from {_name(schema, table)} as t "
                f"where not ({_names('t', person)})"
            )
        connection.execute("detach new")
    fresh.chmod(path.stat().st_mode)
    handle = os.open(fresh, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    fresh.replace(path)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def discard_drafts(path: Path) -> None:
    """Remove what processes that were killed left beside a database: a copy never published, and spilled rows."""
    discard(staged_beside(path))
    discard(path.with_name(f"{path.name}.tmp"))


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    import duckdb

    try:
        connection.execute(f"attach {literal(str(path))} as old (read_only)")
    except duckdb.Error as error:
        is_held = "PID" in str(error)
        raise WarehouseError(
            expected=f"{path} free to read" if is_held else f"a DuckDB file of this version at {path}",
            got=str(error).splitlines()[0],
            remedy="close whoever writes it and try again; what was done is not lost"
            if is_held
            else "delete it, for nobody can be taken out of it, and try again; dbt build makes it anew",
        ) from error


def _rows(path: Path, sql: str, parameters: list[object]) -> list[tuple[object, ...]]:
    import duckdb

    if not path.exists():
        return []
    with duckdb.connect() as connection:
        _attach(connection, path)
        try:
            return connection.execute(sql, parameters).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            return []  # a build that never came that far


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'old' order by all"
    ).fetchall()


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    ((count,),) = connection.execute(f"select count(*) from {relation}").fetchall()
    return int(count)


def _name(schema: str, table: str, database: str = "old") -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in (database, schema, table))


def _names(row: str, person: Person) -> str:
    """Condition that any value of a row, those within lists and records too, names the person."""
    edge, end = "(?:^|[^0-9A-Za-z_])", "(?:$|[^0-9A-Za-z_])"
    patterns = []
    for name in sorted(person.names | person.keys):
        word = re.escape(name) + end
        # A short name may be a word: it counts behind a mark, and as what the row calls a handle or an id.
        before = [edge] if len(name) >= DISTINCTIVE else ["[@#/]", "(?:handle|_id)'?: '?"]
        patterns += [start + word for start in before]
    text = f"lower(cast({row} as varchar))"
    return " or ".join(f"regexp_matches({text}, {literal(pattern)})" for pattern in patterns)
