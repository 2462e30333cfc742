"""`tribu status` and `tribu report`: what they say, what they write, and how they refuse."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from tests.conftest import ROOT, Build, run_tribu


def test_status_before_anything_was_done(tmp_path: Path) -> None:
    done = run_tribu(tmp_path, "status")
    assert done.returncode == 0
    assert "nothing landed; a build uses the synthetic sample" in done.stdout
    assert "no finished build; run dbt build" in done.stdout
    assert "not rendered yet" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_status_of_a_build_agrees_with_the_warehouse(sample_build: Build) -> None:
    told = json.loads(run_tribu(sample_build.folder, "status", "--json").stdout)
    assert told["landing"]["rows_landed"] == 0
    assert told["warehouse"]["last_build"]["influencers"] == sample_build.value(
        "select count(*) from marts.dim_influencers"
    )
    assert told["warehouse"]["last_build"]["source_kind"] == "sample"
    assert told["site"] == str(sample_build.site / "index.html")


def test_status_says_who_holds_the_warehouse(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")):
        done = run_tribu(tmp_path, "status")
        refused = run_tribu(tmp_path, "report")
    assert done.returncode == 0
    assert f"process {os.getpid()} (" in done.stdout
    assert " since 20" in done.stdout
    assert refused.returncode == 6
    assert f"process {os.getpid()} (" in refused.stderr
    assert "at work, still after 2 s; remedy: wait until it has finished" in refused.stderr
    assert not (tmp_path / "site").exists()


def test_report_renders_the_same_site_from_the_warehouse(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    before = (tmp_path / "warehouse.duckdb").read_bytes()
    done = run_tribu(tmp_path, "report", "--out", str(tmp_path / "copy"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "copy" / "index.html")
    built = {path.relative_to(sample_build.site): path.read_bytes() for path in sample_build.site.rglob("*.html")}
    rendered = {path.relative_to(tmp_path / "copy"): path.read_bytes() for path in (tmp_path / "copy").rglob("*.html")}
    assert rendered == built
    assert (tmp_path / "warehouse.duckdb").read_bytes() == before


def test_report_in_one_language(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    done = run_tribu(tmp_path, "report", "--lang", "fr", "--out", str(tmp_path / "copy"))
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "copy" / "fr").exists()
    page = (tmp_path / "copy" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert "English" not in page


@pytest.mark.parametrize("codes", ["de", "en,en", "", "en;fr"])
def test_report_refuses_languages_that_it_does_not_speak(tmp_path: Path, codes: str) -> None:
    done = run_tribu(tmp_path, "report", "--lang", codes)
    assert done.returncode == 2
    assert "expected some of en, fr" in done.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "got no such file"), (b"not a database at all, but long enough to be read as one" * 200, "got IO Error")],
    ids=["absent", "something else"],
)
def test_report_without_a_warehouse_is_refused(tmp_path: Path, content: bytes | None, expected: str) -> None:
    if content is not None:
        (tmp_path / "warehouse.duckdb").write_bytes(content)
    done = run_tribu(tmp_path, "report")
    assert done.returncode == 6
    assert done.stderr.count("\n") == 1
    assert expected in done.stderr
    assert "dbt build" in done.stderr
    assert not (tmp_path / "site").exists()


def test_report_from_an_unfinished_warehouse_is_refused(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "warehouse.duckdb")).close()
    done = run_tribu(tmp_path, "report")
    assert done.returncode == 6
    assert "run dbt build to its end" in done.stderr


def test_report_does_not_replace_a_folder_that_is_no_site(sample_build: Build, tmp_path: Path) -> None:
    shutil.copy(sample_build.warehouse, tmp_path / "warehouse.duckdb")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine", encoding="utf-8")
    done = run_tribu(tmp_path, "report", "--out", str(tmp_path / "thesis"))
    assert done.returncode == 9
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


def test_commands_outside_a_project_say_where_to_go(tmp_path: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [str(Path(sys.executable).with_name("tribu")), "status"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    assert "change into the folder that you cloned" in done.stderr


def test_every_exit_code_is_documented() -> None:
    from tribu import errors

    told = run_tribu(ROOT, "--help").stdout
    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.TribuError)
    }
    assert all(f"  {code}  " in told for code in codes)
