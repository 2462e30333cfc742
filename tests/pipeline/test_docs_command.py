"""`tribu docs` puts dbt's documentation into the site, as a page that loads nothing and says nothing of this machine."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, Build, run_tribu

from tribu.dbt_docs import POLICY, self_contained
from tribu.errors import ProjectError


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory, sample_build: Build) -> Path:
    """A copy of the sample with its documentation."""
    folder = tmp_path_factory.mktemp("documented")
    shutil.copyfile(sample_build.warehouse, folder / sample_build.warehouse.name)
    done = run_tribu(folder, "docs")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(folder / "site" / "downloads" / "dbt-docs.html")
    return folder


def test_the_page_is_in_the_site_and_linked_in_every_language(documented: Path) -> None:
    assert (documented / "site" / "downloads" / "dbt-docs.html").is_file()
    for path, href in (("sql.html", "downloads/dbt-docs.html"), ("fr/sql.html", "../downloads/dbt-docs.html")):
        assert f'href="{href}"' in (documented / "site" / path).read_text(encoding="utf-8")


def test_a_later_rendering_takes_it_along(documented: Path) -> None:
    done = run_tribu(documented, "report")
    assert done.returncode == 0, done.stderr
    assert (documented / "site" / "downloads" / "dbt-docs.html").is_file()


def test_the_page_documents_the_marts_and_loads_nothing(documented: Path) -> None:
    text = (documented / "site" / "downloads" / "dbt-docs.html").read_text(encoding="utf-8")
    assert text.index(f'content="{POLICY}"') < min(text.index("<script"), text.index("<style"))
    assert '"model.tribu.dim_influencers"' in text
    head = text.split("</head>")[0]
    assert not re.findall(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=", head.split("<script")[0])
    assert str(ROOT) not in text
    assert str(documented) not in text


def test_without_a_warehouse_it_says_so(tmp_path: Path) -> None:
    done = run_tribu(tmp_path, "docs")
    assert done.returncode == 6
    assert "remedy: run `dbt build` first" in done.stderr
    assert not (tmp_path / "dbt-docs.html").exists()


def test_a_page_of_another_kind_is_refused() -> None:
    with pytest.raises(ProjectError, match="0 times"):
        self_contained("<html><head></head></html>", ROOT)


def test_the_place_of_the_project_is_taken_out() -> None:
    page = '<head><meta charset="utf-8"><link rel="shortcut icon" href="x"></head>{"root_path": "/home/ana/tribu"}'
    text = self_contained(page, Path("/home/ana/tribu"))
    assert "ana" not in text
    assert "shortcut icon" not in text
    assert text.startswith(
        f'<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    )
