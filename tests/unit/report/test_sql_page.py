"""The page for analysts: its questions and tables, its files, and what it says of a documentation that is not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from tests.unit.report.conftest import ASSETS, TEMPLATES
from tests.unit.report.test_site import pages

from tribu.report.data import read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.site import render_site
from tribu.report.sql_page import build_sql_page

Tables = dict[str, pa.Table]


def test_questions_stand_in_their_order_with_their_sql(render: Callable[[Tables], Path], tables: Tables) -> None:
    text = pages(render(tables))["sql.html"].text
    assert text.index("Who is calm?") < text.index("Who is loud?")
    assert "where 'calm' < 'z'" in text
    assert "cluster_name_en" in text


def test_backticks_become_code(render: Callable[[Tables], Path], tables: Tables) -> None:
    page = (render(tables) / "sql.html").read_text(encoding="utf-8")
    assert '<code translate="no">first</code>' in page
    assert "`" not in page


def test_columns_stand_in_the_order_of_the_table(tables: Tables) -> None:
    (mart,) = build_sql_page(read_report_data(tables), ENGLISH).marts
    assert (mart.name, mart.columns_count) == ("marts.dim_clusters", "2 columns")
    assert [column.column_name for column in mart.columns] == ["cluster_key", "cluster_name_en"]


def test_french_is_french(tables: Tables, french: Language) -> None:
    first = build_sql_page(read_report_data(tables), french).questions[0]
    assert (first.title, first.question) == ("Titre 1", "Qui est calm\u202f?")


def test_the_questions_are_a_file(render: Callable[[Tables], Path], tables: Tables) -> None:
    text = (render(tables) / "downloads" / "questions.sql").read_text(encoding="utf-8")
    assert text.startswith("-- 1. Title 1\n-- Who is calm?\n-- The `first` row.\n")
    assert text.count(";\n") == 2


def test_without_questions_and_marts_the_page_still_says_how_to_open_the_warehouse(
    render: Callable[[Tables], Path], tables: Tables
) -> None:
    for name in ("rpt_worked_questions", "rpt_mart_columns"):
        tables[name] = tables[name].slice(0, 0)
    site = render(tables)
    assert not (site / "downloads" / "questions.sql").exists()
    text = pages(site)["sql.html"].text
    assert "duckdb -readonly" in text
    assert "Worked questions" not in text


def test_documentation_by_dbt_is_offered_where_it_is(tables: Tables, tmp_path: Path) -> None:
    docs = tmp_path / "docs.html"
    site = tmp_path / "site"

    def rendered() -> str:
        render_site(tables, templates=TEMPLATES, assets=ASSETS, out_dir=site, dbt_docs=docs)
        return (site / "sql.html").read_text(encoding="utf-8")

    assert "tribu docs" in rendered()
    assert not (site / "downloads" / "dbt-docs.html").exists()
    docs.write_text("<!doctype html>", encoding="utf-8")
    assert 'href="downloads/dbt-docs.html"' in rendered()
    assert (site / "downloads" / "dbt-docs.html").read_text(encoding="utf-8") == "<!doctype html>"
