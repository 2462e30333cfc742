"""Rejected records that are read again: each is counted once, and what still cannot be split stays where it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tribu.cli import cli
from tribu.errors import MappingError
from tribu.landing import retrying
from tribu.landing.importing import import_files
from tribu.landing.retrying import retry_rejects
from tribu.landing.store import BatchWriter, check_landing, read_ledger

Write = Callable[..., Path]
Rows = Callable[[str], list[dict[str, Any]]]
Snapshot = Callable[[], dict[str, bytes | None]]

MAPPING = """
name: lists
title: Lists
variants:
  - name: lists
    headers: [User, Fans, City]
    delimiter: ","
    {dialect}
    tables:
      accounts:
        constants: {{platform: x}}
        columns: {{handle: User, followers: Fans}}
"""
LIST = b'User,Fans,City\nana,10,Rome\nbo,20,"Ulm\ncy,30,"Ulm\nbo,20,"Ulm\ndi,40\nana,10,Rome\n'
"""Three records with a stray quotation mark, two of them equal and two of them one reject; one too short; a duplicate."""


def mapping(write: Write, dialect: str = "") -> str:
    return str(write("lists.yml", MAPPING.format(dialect=dialect)))


def account(rows: Rows) -> list[tuple[int, int, int, int]]:
    """Read, landed, duplicate and rejected of each batch."""
    return [
        (row["rows_read"], row["rows_landed"], row["rows_duplicate"], row["rows_rejected"]) for row in rows("imports")
    ]


def test_what_a_better_mapping_can_split_lands_and_is_counted_once(landing: Path, write: Write, rows: Rows) -> None:
    data = write("list.csv", LIST)
    import_files(landing, [data], mapping=mapping(write))
    assert account(rows) == [(5, 1, 1, 3)]
    result = retry_rejects(landing, mapping=mapping(write, "quote: none"))
    (one,) = result.outcomes
    assert (one.file, one.table, one.mapping) == ("list.csv", "accounts", "lists")
    assert (one.read, one.landed, one.duplicate, one.rejected) == (4, 2, 1, 1)
    assert account(rows) == [(3, 1, 1, 1), (3, 2, 1, 0)]
    assert [(row["handle"], row["_row"]) for row in rows("accounts")] == [("ana", 1), ("bo", 3), ("cy", 4)]
    assert json.loads(rows("accounts")[1]["extra"]) == {"City": '"Ulm'}
    assert [(row["raw_text"], row["line"], row["byte_position"]) for row in rows("rejects")] == [
        ("di,40", 6, LIST.index(b"di,40"))
    ]
    assert len({row["_file_sha256"] for table in ("accounts", "rejects", "imports") for row in rows(table)}) == 1
    assert check_landing(landing)


def test_bytes_of_another_encoding_are_read_in_the_one_that_is_declared(
    landing: Path, write: Write, rows: Rows
) -> None:
    lines = b"User,Fans,City\n" + b"".join(b"u%d,%d,Rome\n" % (n, n) for n in range(9))
    data = write("list.csv", lines + "zoë,1,".encode() + b"Orl\xe9ans\nyu,2,\x81\n")
    import_files(landing, [data], mapping=mapping(write, "encoding: utf-8"))
    assert account(rows) == [(11, 9, 0, 2)]
    retry_rejects(landing, mapping=mapping(write, "encoding: cp1252"))
    # 0x81 is nothing in cp1252 either
    assert account(rows) == [(10, 9, 0, 1), (1, 1, 0, 0)]
    assert rows("accounts")[-1]["handle"] == "zoë"
    assert json.loads(rows("accounts")[-1]["extra"]) == {"City": "Orléans"}


def test_without_a_better_mapping_nothing_changes(landing: Path, write: Write, rows: Rows, snapshot: Snapshot) -> None:
    import_files(landing, [write("list.csv", LIST)], mapping=mapping(write))
    before = snapshot()
    result = retry_rejects(landing, mapping=mapping(write))
    assert result.batch_id is None
    assert [(one.read, one.landed, one.rejected) for one in result.outcomes] == [(3, 0, 3)]
    assert snapshot() == before


@pytest.mark.parametrize("step", ["write", "commit"])
def test_an_interruption_leaves_landing_as_it_was(
    landing: Path, write: Write, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    import_files(landing, [write("list.csv", LIST)], mapping=mapping(write))
    better, before = mapping(write, "quote: none"), snapshot()

    def cut(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    if step == "write":
        monkeypatch.setattr(retrying, "write_ledger", cut)
    else:
        monkeypatch.setattr(BatchWriter, "_without_rejects", cut)
    with pytest.raises(KeyboardInterrupt):
        retry_rejects(landing, mapping=better)
    assert snapshot() == before


def test_the_file_itself_stays_known_as_a_whole(landing: Path, write: Write, rows: Rows) -> None:
    data = write("list.csv", LIST)
    import_files(landing, [data], mapping=mapping(write))
    better = mapping(write, "quote: none")
    retry_rejects(landing, mapping=better)
    (again,) = import_files(landing, [data], mapping=better).outcomes
    assert (again.read, again.duplicate) == (6, 6)
    import_files(landing, [data], mapping=better, again=True)
    assert account(rows) == [(6, 3, 2, 1)]


def test_values_that_speak_against_the_mapping_stop_it(
    landing: Path, write: Write, rows: Rows, snapshot: Snapshot
) -> None:
    records = b"".join(b'u%d,"no number\n' % n for n in range(20))
    import_files(landing, [write("list.csv", b"User,City,Fans\n" + records)], mapping=str(write("other.yml", MAPPING.format(
        dialect="").replace("[User, Fans, City]", "[User, City, Fans]").replace("lists", "other"))))  # fmt: skip
    before = snapshot()
    two = MAPPING.format(dialect="quote: none").replace("[User, Fans, City]", "[User, Fans]").replace("lists", "other")
    better = str(write("better.yml", two))
    before = snapshot() | {}
    with pytest.raises(MappingError, match="values that are what the mapping takes them for"):
        retry_rejects(landing, mapping=better)
    assert snapshot() == before
    assert retry_rejects(landing, mapping=better, accept=True).outcomes[0].landed == 20


def test_rejects_are_chosen_by_the_name_of_their_file_or_their_mapping(landing: Path, write: Write) -> None:
    import_files(landing, [write("a.csv", LIST), write("b.csv", LIST + b"x,1,y\n")], mapping=mapping(write))
    better = mapping(write, "quote: none")
    assert [one.file for one in retry_rejects(landing, ["some/where/b.csv"], mapping=better).outcomes] == ["b.csv"]
    assert retry_rejects(landing, ["c.csv"], mapping=better).outcomes == ()
    other = str(write("other.yml", MAPPING.format(dialect="").replace("lists", "other")))
    assert retry_rejects(landing, mapping=other).outcomes == ()
    with pytest.raises(MappingError, match="the mapping lists for the rejects of a.csv"):
        retry_rejects(landing)


def test_an_empty_landing_has_nothing_to_retry(landing: Path) -> None:
    assert retry_rejects(landing).outcomes == ()
    assert not landing.exists()


def test_the_command_tells_the_counts(landing: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBU_LANDING", str(landing))
    import_files(landing, [write("list.csv", LIST)], mapping=mapping(write))
    better = mapping(write, "quote: none")
    done = CliRunner().invoke(cli, ["import", "--retry-rejects", "--mapping", better, "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["total"] == {"read": 4, "landed": 2, "duplicate": 1, "rejected": 1, "forgotten": 0}
    assert "nothing new to land" in CliRunner().invoke(cli, ["import", "--retry-rejects", "--mapping", better]).stderr
    assert CliRunner().invoke(cli, ["import"]).exit_code == 2
    assert CliRunner().invoke(cli, ["import", "x", "--retry-rejects", "--replace"]).exit_code == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.text(alphabet='a,"\n é', max_size=12), max_size=12))
def test_whatever_was_rejected_the_account_holds(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    folder = tmp_path_factory.mktemp("retry")
    landing, data, better = folder / "landing", folder / "a.csv", folder / "lists.yml"
    data.write_text("User,Fans,City\nana,1,Rome\n" + "\n".join(lines), encoding="utf-8")
    better.write_text(MAPPING.format(dialect=""), encoding="utf-8")
    import_files(landing, [data], mapping=str(better), accept=True)
    before = sum(entry.rows_read for entry in read_ledger(landing))
    rejected = sum(entry.rows_rejected for entry in read_ledger(landing))
    better.write_text(MAPPING.format(dialect="quote: none"), encoding="utf-8")
    outcomes = retry_rejects(landing, mapping=str(better), accept=True).outcomes
    ledger = read_ledger(landing)
    assert all(row.rows_read == row.rows_landed + row.rows_duplicate + row.rows_rejected for row in ledger)
    mended = sum(one.landed + one.duplicate for one in outcomes)
    left = sum(entry.rows_rejected for entry in ledger)
    assert sum(entry.rows_read for entry in ledger) == before - (rejected - left) + mended
    kept = [pq.ParquetFile(path).metadata.num_rows for path in (landing / "rejects").glob("*.parquet")]
    assert sum(kept) == left
    landed = [pq.ParquetFile(path).metadata.num_rows for path in (landing / "accounts").glob("*.parquet")]
    assert sum(landed) == sum(entry.rows_landed for entry in ledger)
