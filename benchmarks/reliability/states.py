"""Small projects to kill commands in, and what is looked at in them afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from benchmarks.scaling.comparison import OF_THE_BUILD
from tests.conftest import ROOT, places_env
from tests.networks.bluesky import BlueskyServer, Person
from tests.small_landing import SMALL, import_people

from tribu.publication import published_build_id, site_build_id

FORGOTTEN = ("quokka_forgetme", "7799000011112222")
"""Handle and id of whom `tribu forget` is asked to forget."""

COLLECTED = 120
"""Accounts on the server of the collection: two slices."""

# Besides when and by which call a row came.
_OF_THE_CALL = {"_batch_id", "_landed_at", "_file", "_file_sha256", "observed_at", "collected_at", "run_id", "slice"}


@dataclass(frozen=True)
class Command:
    """A command to be killed.

    Attributes
    ----------
    state
        Name of the project that it starts in.
    arguments
        What is typed, without the address of the network.
    lock
        Pattern of a file, from the folder, that is there while the command is at work.
    """

    name: str
    state: str
    arguments: tuple[str, ...]
    lock: str = ".warehouse.duckdb.lock"


def commands(people: Path) -> dict[str, Command]:
    """The six that write; ``people`` is a list to import."""
    handles = tuple(f"person{number}.test" for number in range(1, COLLECTED + 1))
    build = ("dbt", "--no-use-colors", "build", "--exclude-resource-type", "unit_test", "test")
    listed = (
        Command("import", "built", ("tribu", "import", str(people)), "landing/.lock"),
        Command(
            "collect", "built", ("tribu", "collect", "bluesky", *handles, "--posts", "2"), "landing/.collecting/*/.lock"
        ),
        Command("build", "landed", (*build, "--vars", json.dumps(SMALL))),
        Command("publish", "unpublished", ("tribu", "publish")),
        Command("report", "behind", ("tribu", "report")),
        Command("forget", "second", ("tribu", "forget", FORGOTTEN[0], "--platform", "instagram", "--yes")),
    )
    return {command.name: command for command in listed}


class States:
    """The projects: each is made once, and copied for every kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.people = folder / "more.csv"
        self.server = BlueskyServer(
            [Person(number, f"person{number}.test", posts=2) for number in range(1, COLLECTED + 1)]
        )
        self._make()

    def _make(self) -> None:
        built, landed, second = (self.folder / name for name in ("built", "landed", "second"))
        if (self.folder / "made").exists():
            return
        built.mkdir(parents=True)
        import_people(built, 20)
        list_of_one = (
            "platform,handle,account_id,followers,following,posts,avg_likes,avg_comments,observed_at\n"
            f"instagram,{FORGOTTEN[0]},{FORGOTTEN[1]},5400,300,90,210,9,2026-06-03\n"
        )
        (built / "one.csv").write_text(list_of_one, encoding="utf-8")
        self.run(built, "tribu", "import", str(built / "one.csv"))
        commands_ = commands(self.people)
        self.run(built, *commands_["build"].arguments)
        shutil.copytree(built, landed)
        import_people(landed, 30, first=1000)
        shutil.copy(landed / "people-1000.csv", self.people)
        shutil.copytree(landed, second)
        self.run(second, *commands_["build"].arguments)
        shutil.copytree(second, self.folder / "unpublished")
        (self.folder / "unpublished" / "published.duckdb").unlink()
        behind = self.folder / "behind"
        shutil.copytree(second, behind)
        shutil.copy(built / "published.duckdb", behind / "published.duckdb")
        shutil.rmtree(behind / "site")
        shutil.copytree(built / "site", behind / "site")
        (self.folder / "made").touch()

    def run(self, folder: Path, *words: str) -> None:
        """Run a command to its good end."""
        done = self.tried(folder, words)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")

    def tried(self, folder: Path, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """Run a command, however it ends."""
        return subprocess.run(  # noqa: S603 - our own commands
            self.typed(words), cwd=ROOT, env=env(folder), capture_output=True, text=True, check=False
        )

    def typed(self, words: tuple[str, ...]) -> list[str]:
        """Return the words of a command as a process takes them."""
        address = ("--url", self.server.url) if words[1] == "collect" else ()
        return [str(Path(sys.executable).with_name(words[0])), *words[1:], *address]


def env(folder: Path) -> dict[str, str]:
    """Environment that keeps all that a command writes in ``folder``."""
    return {
        **places_env(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
    }


def generation(folder: Path) -> tuple[str | None, str | None]:
    """Of which build the published marts are, and of which the site."""
    return published_build_id(folder / "published.duckdb"), site_build_id(folder / "site")


def landed_rows(landing: Path) -> Counter[str]:
    """What is landed, but for when and by which call."""
    rows: Counter[str] = Counter()
    for table in ("accounts", "posts", "rejects", "collections"):
        for path in sorted((landing / table).glob("*.parquet")):
            for row in pq.ParquetFile(path).read().to_pylist():
                kept = {column: value for column, value in row.items() if column not in _OF_THE_CALL}
                rows[f"{table}: {kept}"] += 1
    return rows


def built_tables(warehouse: Path) -> dict[str, Counter[str]]:
    """Rows of every mart and reporting table, but for when they were made."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('marts', 'reporting')"
            " and table_name <> 'report_site' order by all"
        ).fetchall()
        return {table: Counter(map(repr, _rows(connection, table))) for (table,) in tables}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[list[object]]:
    found = connection.execute(f"select * from {table}")
    keep = [place for place, column in enumerate(found.description) if column[0] not in OF_THE_BUILD]
    for row in found.fetchall():
        yield [_to_nine_digits(row[place]) for place in keep]


def _to_nine_digits(value: object) -> object:
    """Leave out the last digits of numbers: DuckDB adds in the order in which its threads come."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, list):
        return [_to_nine_digits(one) for one in value]
    if isinstance(value, dict):
        return {key: _to_nine_digits(one) for key, one in value.items()}
    return value
