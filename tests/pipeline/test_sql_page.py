"""The page for analysts: what it tells people to copy runs as it stands, and it names no place of this machine."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from tests.conftest import ROOT, Build, run_tribu

from tribu.project import find_places
from tribu.report.sql_page import EXPORT, FIRST_QUERY, JDBC, NOTEBOOK, OF_FILES, PANDAS, PUBLISHED, SHELL

pytestmark = pytest.mark.filterwarnings("error::DeprecationWarning")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, sample_build: Build) -> Path:
    """A folder in which the published marts stand where the snippets look for them."""
    folder = tmp_path_factory.mktemp("project")
    (folder / PUBLISHED).parent.mkdir()
    (folder / PUBLISHED).symlink_to(sample_build.folder / "published.duckdb")
    return folder


def test_the_published_marts_are_called_as_a_project_calls_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("TRIBU_WAREHOUSE", "TRIBU_PUBLISHED"):
        monkeypatch.delenv(variable, raising=False)
    assert find_places(ROOT).published == ROOT / PUBLISHED
    assert all(PUBLISHED in snippet for snippet in (SHELL, PANDAS, JDBC))


def test_the_first_query_runs(sample_build: Build) -> None:
    rows = sample_build.rows(FIRST_QUERY)
    assert len(rows) == sample_build.value("select count(*) from marts.dim_clusters")


def test_the_pandas_snippet_runs(project: Path, sample_build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    lines = PANDAS.splitlines()
    names: dict[str, object] = {}
    exec("\n".join([*lines[:-1], f"result = {lines[-1]}"]), names)  # noqa: S102 - our own snippet
    medians = names["result"].to_dict()  # type: ignore[attr-defined]
    assert len(medians) == sample_build.value("select count(distinct cluster_name) from marts.dim_influencers")


def test_the_exported_files_answer_their_query(
    sample_build: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command, *arguments = EXPORT.split()
    assert command == "tribu"
    done = run_tribu(sample_build.folder, *arguments[:-1], str(tmp_path / arguments[-1]))
    assert done.returncode == 0, done.stderr
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        found = connection.execute(OF_FILES).fetchall()
    assert sorted(found) == sample_build.rows(
        "select platform, count(*) from marts.dim_influencers group by platform order by platform"
    )


def test_the_notebook_is_a_target_of_make() -> None:
    command, target = NOTEBOOK.split()
    assert command == "make"
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_question_of_the_page_runs_on_a_copy_of_any_name(sample_build: Build, tmp_path: Path) -> None:
    """The SQL of the page names no database, and answers as the compiled one does, whose claims are tested."""
    copy = tmp_path / "as we call it.duckdb"
    copy.symlink_to(sample_build.warehouse)
    questions = sample_build.rows("select question_name, question_sql from reporting.rpt_worked_questions")
    assert len(questions) == 20
    with duckdb.connect(str(copy), read_only=True) as connection:
        for name, sql in questions:
            assert "{{" not in str(sql), name
            connection.execute(str(sql))
        counts = {name: len(connection.execute(str(sql)).fetchall()) for name, sql in questions}
        file = (sample_build.site / "downloads" / "questions.sql").read_text(encoding="utf-8")
        assert len([rows for rows in connection.extract_statements(file) if rows]) == 20
    assert counts["q18_where_the_rows_went"] > 0


def test_questions_are_told_as_the_files_tell_them(sample_build: Build) -> None:
    for name, question, read in sample_build.rows(
        "select question_name, question_en, read_en from reporting.rpt_worked_questions"
    ):
        comment = " ".join(
            line.removeprefix("--").strip()
            for line in (ROOT / "dbt_project" / "analyses" / f"{name}.sql").read_text(encoding="utf-8").splitlines()
            if line.startswith("--")
        )
        assert comment.startswith(f"Question: {question} Read: {read} On the sample: ")


def test_the_tables_are_the_marts_and_their_columns(sample_build: Build) -> None:
    built = sample_build.rows(
        "select table_name, column_name from information_schema.columns where table_schema = 'marts' order by all"
    )
    assert built == sample_build.rows("select table_name, column_name from reporting.rpt_mart_columns order by all")
    page = (sample_build.site / "sql.html").read_text(encoding="utf-8")
    assert all(f"marts.{table}</code>" in page for table, _ in built)


def test_the_page_is_small_and_names_no_place_of_this_machine(sample_build: Build) -> None:
    for path in ("sql.html", "fr/sql.html"):
        page = (sample_build.site / path).read_text(encoding="utf-8")
        assert len(page.encode()) < 600_000
        assert str(sample_build.folder) not in page
        assert str(ROOT) not in page
