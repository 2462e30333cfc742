"""`tribu export`: what it writes from a real build, and how it refuses."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Build, run_tribu
from tests.evidence_pages import EvidenceProject, named_columns

CLUSTER_PAGE = "clusters/[cluster_key].md"


def marts(build: Build) -> dict[str, int]:
    names = [str(name) for (name,) in build.rows("select table_name from duckdb_tables() where schema_name = 'marts'")]
    return {name: int(str(build.value(f"select count(*) from marts.{name}"))) for name in names}


@pytest.fixture
def places(sample_build: Build, tmp_path: Path) -> Path:
    """A folder with a copy of the warehouse of the sample."""
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    return tmp_path


def test_parquet_is_every_mart_as_it_is(sample_build: Build, places: Path) -> None:
    before = (places / "warehouse.duckdb").read_bytes()
    done = run_tribu(places, "export", "parquet", str(places / "out"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["folder"] == str(places / "out")
    expected = marts(sample_build)
    assert {one["file"]: one["rows"] for one in told["files"]} == {f"{mart}.parquet": n for mart, n in expected.items()}
    with duckdb.connect(str(places / "warehouse.duckdb"), read_only=True) as connection:
        for mart in expected:
            file = f"read_parquet('{places}/out/{mart}.parquet')"
            different = (
                f"(from marts.{mart} except all from {file}) union all (from {file} except all from marts.{mart})"
            )
            assert connection.execute(different).fetchall() == [], mart
    assert (places / "warehouse.duckdb").read_bytes() == before
    assert sorted(path.name for path in places.iterdir()) == ["out", "warehouse.duckdb"]


def test_csv_is_every_mart_and_no_cell_can_run(sample_build: Build, places: Path) -> None:
    done = run_tribu(places, "export", "csv", str(places / "out"))
    assert done.returncode == 0, done.stderr
    for mart, rows in marts(sample_build).items():
        assert f"{mart}.csv" in done.stdout
        with (places / "out" / f"{mart}.csv").open(encoding="utf-8", newline="") as lines:
            read = list(csv.DictReader(lines))
        assert len(read) == rows
        kinds = dict(
            sample_build.rows(  # type: ignore[arg-type]
                f"select column_name, data_type from duckdb_columns() where schema_name = 'marts' and table_name = '{mart}'"
            )
        )
        for row in read:
            for column, cell in row.items():
                assert kinds[column] != "VARCHAR" or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_the_dictionary_describes_every_column_of_the_marts(sample_build: Build, places: Path) -> None:
    assert run_tribu(places, "export", "csv", str(places / "out")).returncode == 0
    with (places / "out" / "data_dictionary.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = sample_build.rows("select table_name, column_name from duckdb_columns() where schema_name = 'marts'")
    assert {(row["table_name"], row["column_name"]) for row in rows} == set(columns)
    assert all(row["table_description"] for row in rows)
    by_name = {(row["table_name"], row["column_name"]): row for row in rows}
    key = by_name["dim_influencers", "influencer_key"]
    assert key["description"].startswith("Stable key: md5 of platform")
    assert key["data_type"] == "VARCHAR"
    assert "SYNTHETIC SAMPLE" in (places / "out" / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_query_of_the_evidence_project_runs(sample_build: Build, places: Path, lang: str) -> None:
    done = run_tribu(places, "export", "evidence", str(places / "out"), "--lang", lang)
    assert done.returncode == 0, done.stderr
    project = EvidenceProject(places / "out")
    keys = project.cluster_keys()
    assert [(key,) for key in keys] == sample_build.rows(
        "select cluster_key from reporting.rpt_clusters order by cluster_order"
    )
    for page, text in project.pages().items():
        for key in keys if page == CLUSTER_PAGE else [""]:
            results = project.run(page, cluster_key=key)
            assert results
            assert [name for name, (_, rows) in results.items() if not rows] == []
            assert [(name, column) for name, column in named_columns(text) if column not in results[name][0]] == []
    (names,) = sample_build.rows(f"select list(cluster_name_{lang} order by cluster_order) from reporting.rpt_clusters")
    with project.open() as connection:
        told = connection.execute("select list(cluster_name order by cluster_order) from wh.clusters").fetchall()
        kinds = connection.execute(
            "select distinct data_type from duckdb_columns() where schema_name = 'wh'"
            " and (column_name like '%key' or column_name like '%id')"
        ).fetchall()
        sizes = connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall()
    assert told == [names]
    assert kinds == [("VARCHAR",)]
    assert min(size for _, size in sizes) > 0


def test_figures_of_the_evidence_project_are_those_of_the_marts(sample_build: Build, places: Path) -> None:
    assert run_tribu(places, "export", "evidence", str(places / "out")).returncode == 0
    with EvidenceProject(places / "out").open() as connection:
        for evidence, warehouse in (
            ("select influencers, posts, clusters from wh.overview", "select (select count(*) from marts.dim_influencers),"
             " (select count(*) from marts.fct_posts), (select count(*) from marts.dim_clusters where not is_noise)"),
            ("select sum(influencers) from wh.platform_tiers", "select count(*) from marts.dim_influencers"),
            ("select cluster_key, sum(influencers) from wh.platform_tiers group by all order by 1",
             "select cluster_key, influencers_count from marts.dim_clusters order by 1"),
            ("select count(*) from wh.candidates where is_selected", "select count(*) from clustering.ml_selection"),
            ("select cluster_key, rule_influencers, rule_members from wh.clusters order by 1",
             "select cluster_key, rule_influencers_count, rule_members_count from marts.dim_clusters order by 1"),
        ):  # fmt: skip
            assert connection.execute(evidence).fetchall() == sample_build.rows(warehouse)
        queries = connection.execute("select cluster_key, rule_query, rule_influencers from wh.clusters").fetchall()
    for key, query, picked in queries:
        assert sample_build.value(f"select count(*) from ({query})") == picked, f"the rule of {key} as it is shown"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["xlsx", "out"], 2, "'xlsx' is not one of 'evidence', 'parquet', 'csv'"),
        (["csv"], 2, "Missing argument"),
        (["csv", "out", "--lang", "fr"], 2, "--lang is for evidence"),
        (["evidence", "out", "--lang", "de"], 2, "'de' is not one of 'en', 'fr'"),
        (["csv", "a_file"], 9, "expected a folder for the CSV export; got the file"),
        (["parquet", "a_file/below"], 9, "expected a folder"),
        (["csv", "thesis"], 9, "an earlier CSV export of Tribu"),
        (["evidence", "thesis"], 9, "an earlier Evidence project of Tribu"),
        (["parquet", "site"], 9, "an earlier Parquet export of Tribu"),
    ],
)
def test_wrong_usage_is_told_in_words_and_changes_nothing(
    places: Path, arguments: list[str], code: int, told: str
) -> None:
    (places / "a_file").write_text("mine", encoding="utf-8")
    (places / "thesis").mkdir()
    (places / "thesis" / "chapter.txt").write_text("mine", encoding="utf-8")
    (places / "site").mkdir()
    (places / "site" / "report.json").write_text('{"format": "tribu-report"}', encoding="utf-8")
    before = sorted(str(path) for path in places.rglob("*"))
    form, *rest = arguments
    done = run_tribu(places, "export", form, *(str(places / name) if i == 0 else name for i, name in enumerate(rest)))
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(str(path) for path in places.rglob("*")) == before


@pytest.mark.parametrize("form", ["evidence", "parquet", "csv"])
def test_without_a_finished_build_there_is_nothing_to_export(tmp_path: Path, form: str) -> None:
    missing = run_tribu(tmp_path, "export", form, str(tmp_path / "out"))
    assert missing.returncode == 6
    assert "got no such file; remedy: run dbt build" in missing.stderr
    duckdb.connect(str(tmp_path / "warehouse.duckdb")).close()
    unfinished = run_tribu(tmp_path, "export", form, str(tmp_path / "out"))
    assert unfinished.returncode == 6
    assert "run dbt build to its end" in unfinished.stderr
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")):
        locked = run_tribu(tmp_path, "export", form, str(tmp_path / "out"))
    assert locked.returncode == 6
    assert f"process {os.getpid()} (" in locked.stderr
    assert "at work, still after 2 s" in locked.stderr
    assert not (tmp_path / "out").exists()


def test_help_says_what_each_form_is(tmp_path: Path) -> None:
    told = run_tribu(tmp_path, "export", "--help").stdout
    assert "(evidence|parquet|csv) DIR" in told
    assert "classic line 40.x" in told
