"""Marts and site change together: whoever reads has the old ones or the new ones, however the writer ended."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tribu.errors import OutputFolderError, WarehouseError
from tribu.folders import staged_beside
from tribu.project import Places
from tribu.publication import (
    commit,
    is_interrupted,
    published_build_id,
    site_build_id,
    stage_marts,
    writing,
)
from tribu.warehouse import begin_build, end_build, is_whole, wait_for_file


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(
        root=tmp_path,
        landing=tmp_path / "landing",
        warehouse=tmp_path / "w.duckdb",
        models=tmp_path / "models",
        published=tmp_path / "data" / "published.duckdb",
        site=tmp_path / "pages" / "site",
    )


def make_marts(places: Places, build_id: str) -> None:
    with duckdb.connect(str(places.warehouse)) as connection:
        for schema in ("marts", "staging"):
            connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create or replace table marts.current_build as select '{build_id}' as build_id")
        connection.execute(
            f"create or replace table marts.people as select range as id, '{build_id}' as \"of\" from range(2000)"
        )
        connection.execute("comment on table marts.people is 'It''s people.'")
        connection.execute('comment on column marts.people."of" is \'Whose; "quoted".\'')
        connection.execute("create or replace table staging.secret as select 1 as one")


def make_site(places: Places, build_id: str) -> None:
    staged = staged_beside(places.site)
    staged.mkdir(parents=True)
    (staged / "report.json").write_text(json.dumps({"format": "tribu-report", "overview": {"build_id": build_id}}))
    (staged / "index.html").write_text(build_id)


def publish(places: Places, build_id: str) -> None:
    make_marts(places, build_id)
    with writing(places), duckdb.connect(str(places.warehouse)) as connection:
        make_site(places, build_id)
        stage_marts(connection, places)
        commit(places, marts=True, site=True)


def published_rows(places: Places, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(places.published), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_marts_and_nothing_else_are_published_with_their_comments(places: Places) -> None:
    publish(places, "one")
    assert published_rows(places, "select schema_name, table_name from duckdb_tables() order by all") == [
        ("marts", "current_build"),
        ("marts", "people"),
    ]
    assert published_rows(places, 'select count(*), min("of") from marts.people') == [(2000, "one")]
    assert published_rows(places, "select comment from duckdb_tables() where table_name = 'people'") == [
        ("It's people.",)
    ]
    assert published_rows(places, "select comment from duckdb_columns() where column_name = 'of'") == [
        ('Whose; "quoted".',)
    ]
    assert (places.site / "index.html").read_text() == "one"
    assert sorted(path.name for path in places.published.parent.iterdir()) == ["published.duckdb"]
    assert sorted(path.name for path in places.site.parent.iterdir()) == ["site"]


def test_who_reads_the_old_copy_keeps_it(places: Places) -> None:
    publish(places, "one")
    with duckdb.connect(str(places.published), read_only=True) as reader:
        publish(places, "two")
        assert reader.execute('select distinct "of" from marts.people').fetchall() == [("one",)]
    assert published_build_id(places.published) == site_build_id(places.site) == "two"


DYING = """
import os, signal, sys, json
from pathlib import Path
import duckdb
from tribu import publication
from tribu.folders import staged_beside
from tribu.project import Places
root, call = Path(sys.argv[1]), int(sys.argv[2])
places = Places(root=root, landing=root / "landing", warehouse=root / "w.duckdb", models=root / "models",
                published=root / "data" / "published.duckdb", site=root / "pages" / "site")
calls = 0
def dying(owner, name):
    plain = getattr(owner, name)
    def step(*arguments, **named):
        global calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(*arguments, **named)
    setattr(owner, name, step)
for owner, name in ((publication, "stage_marts"), (publication, "_copy"), (publication.json, "dump"), (Path, "replace"),
                    (publication, "replace_folder"), (publication, "_inode"), (publication, "discard"), (Path, "unlink")):
    dying(owner, name)
with publication.writing(places), duckdb.connect(str(places.warehouse)) as connection:
    staged = staged_beside(places.site)
    staged.mkdir()
    (staged / "report.json").write_text(json.dumps({"overview": {"build_id": sys.argv[3]}}))
    (staged / "index.html").write_text(sys.argv[3])
    publication.stage_marts(connection, places)
    publication.commit(places, marts=True, site=True)
print(calls)
"""


def test_killed_at_any_step_it_is_the_old_build_or_the_new_one(places: Places) -> None:
    """Each call of each step in turn, until the process outlives them all."""
    publish(places, "build 0")
    seen, number = set(), 0
    while True:
        number += 1
        before, after = site_build_id(places.site), f"build {number}"
        make_marts(places, after)
        done = subprocess.run(
            [sys.executable, "-c", DYING, str(places.root), str(number), after],
            capture_output=True,
            text=True,
            check=False,
        )
        was_interrupted = is_interrupted(places)
        with writing(places, wait=0):
            pass
        assert (
            published_build_id(places.published)
            == site_build_id(places.site)
            == ((places.site / "index.html").read_text())
        ), number
        assert site_build_id(places.site) in {before, after}
        seen.add((site_build_id(places.site) == after, was_interrupted))
        assert not is_interrupted(places)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
    # killed before the note, with the note, and after all was done
    assert seen == {(False, False), (True, True), (True, False)}
    assert number > 10


def test_a_site_of_another_build_is_refused_and_nothing_moves(places: Places) -> None:
    publish(places, "one")
    make_marts(places, "two")
    with writing(places), duckdb.connect(str(places.warehouse)) as connection:
        stage_marts(connection, places)
        with pytest.raises(WarehouseError, match="got a site of build one; remedy: run tribu report"):
            commit(places, marts=True, site=False)
    assert published_build_id(places.published) == "one"


def test_a_full_disk_leaves_what_was_published(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(places, "one")

    def full(*_: object) -> int:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr("tribu.publication._copy", full)
    make_marts(places, "two")
    with (
        writing(places),
        duckdb.connect(str(places.warehouse)) as connection,
        pytest.raises(OutputFolderError, match="No space left on device; remedy: free space"),
    ):
        stage_marts(connection, places)
    assert published_build_id(places.published) == "one"
    assert sorted(path.name for path in places.published.parent.iterdir()) == ["published.duckdb"]


def test_a_note_that_cannot_be_read_is_told(places: Places) -> None:
    publish(places, "one")
    note = places.published.with_name(".published.duckdb.publishing")
    note.write_text("{")
    with pytest.raises(OutputFolderError, match="delete that file"), writing(places):
        pass
    assert published_build_id(places.published) == "one"


def test_where_folders_cannot_be_exchanged_they_are_renamed(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tribu.folders._exchanged", lambda *_: False)
    publish(places, "one")
    publish(places, "two")
    assert site_build_id(places.site) == published_build_id(places.published) == "two"
    assert [path.name for path in places.site.parent.iterdir()] == ["site"]


def test_a_warehouse_is_whole_only_after_a_run_that_ended_well(places: Places) -> None:
    with duckdb.connect(str(places.warehouse)) as connection:
        assert is_whole(connection) is None
        begin_build(connection, "first")
        assert is_whole(connection) is False
        assert end_build(connection, "first", is_complete=True)
        begin_build(connection, "part")
        assert end_build(connection, "part", is_complete=False)
        begin_build(connection, "cut off")
        begin_build(connection, "part after it")
        assert not end_build(connection, "part after it", is_complete=False)
        begin_build(connection, "whole again")
        assert end_build(connection, "whole again", is_complete=True)


def test_a_database_of_somebody_else_is_not_built_into(tmp_path: Path) -> None:
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table invoices as select 1 as number")
    with pytest.raises(WarehouseError, match=r"tables of its own: main\.invoices; remedy: point TRIBU_WAREHOUSE"):
        wait_for_file(path, wait=0)
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("select table_name from duckdb_tables()").fetchall() == [("invoices",)]


def test_who_only_reads_is_waited_for_and_named(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    duckdb.connect(str(path)).close()
    reader = f"import duckdb; c = duckdb.connect({str(path)!r}, read_only=True); print(1, flush=True); input()"
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", reader], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(WarehouseError) as caught:
            wait_for_file(path, wait=0.5, say=said.append)
        other.kill()
    assert f"process {other.pid} (" in caught.value.got
    assert "still after 0.5 s" in caught.value.got
    assert said[0].startswith(f"waiting up to 0.5 s for {path}, held by process {other.pid} (")
    wait_for_file(path, wait=0)
