"""Where a build takes its rows from: landing, the sample, or a clear refusal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, Build, run_dbt, run_tribu

HEADER = "platform,handle,followers,avg_likes,avg_comments,observed_at\n"


def landed(folder: Path, rows: str) -> None:
    (folder / "list.csv").write_text(HEADER + rows, encoding="utf-8")
    done = run_tribu(folder, "import", str(folder / "list.csv"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("rows", "clusters"),
    [
        ("instagram,sample_a,12.3K,500,20,2026-06-30\n", 1),
        ("instagram,sample_a,12.3K,500,20,2026-06-30\ntiktok,sample_b,1.3K,50,2,2026-06-30\n", 1),
        ("".join(f"instagram,sample_{n},1000,10,1,2026-06-30\n" for n in range(40)), 1),
        (",,,,,\nfriendster,sample_x,1,1,1,2026-06-30\n", 0),
    ],
    ids=["one influencer", "two", "all equal", "nothing usable"],
)
def test_small_and_hopeless_lists_build_and_are_told_honestly(tmp_path: Path, rows: str, clusters: int) -> None:
    landed(tmp_path, rows)
    build = run_dbt(tmp_path, "build")
    assert build.exit_code == 0, build.log
    assert build.value("select count(*) from marts.dim_clusters") == clusters
    report = json.loads((build.site / "report.json").read_text(encoding="utf-8"))
    assert report["overview"]["source_kind"] == "landing"
    assert report["overview"]["clusters"] == clusters
    if clusters:
        assert build.rows("select distinct cluster_name_en, cluster_name_fr from marts.dim_clusters") == [
            ("Everybody", "Tout le monde")
        ]


def test_a_list_after_the_sample_has_a_history_of_its_own(sample_build: Build, tmp_path: Path) -> None:
    """The way of everyone who tries the sample first: nobody moved from it to the list."""
    folder = shutil.copytree(sample_build.folder, tmp_path / "tried")
    landed(folder, "".join(f"instagram,some_{n},{n}000,10,1,2026-06-30\n" for n in range(1, 41)))
    build = run_dbt(folder, "build")
    assert build.exit_code == 0, build.log
    kinds = "select source_kind, count(distinct cluster_run_id) from marts.fct_cluster_memberships group by all order by all"
    assert build.rows(kinds) == [("landing", 1), ("sample", 1)]
    assert build.value("select count(*) from marts.fct_cluster_migrations") == 0
    assert build.value("select has_run_before from reporting.rpt_overview") is False
    assert build.value("select count(*) from reporting.rpt_runs") == 1
    assert build.value("select count(distinct cluster_run_id) from reporting.rpt_cluster_history") == 1
    assert "first run" in (build.site / "index.html").read_text(encoding="utf-8")


def test_the_sample_can_be_forced_although_something_is_landed(tmp_path: Path) -> None:
    landed(tmp_path, "instagram,sample_a,12.3K,500,20,2026-06-30\n")
    selection = ("--select", "+stg_imports")
    automatic = run_dbt(tmp_path, "build", *selection)
    assert "reading 1 landed rows" in automatic.log
    assert automatic.value("select sum(rows_landed) from staging.stg_imports") == 1
    forced = run_dbt(tmp_path, "build", *selection, "--vars", "source: sample")
    assert "SYNTHETIC SAMPLE" in forced.log
    assert forced.value("select sum(rows_landed) from staging.stg_imports") > 1


def test_landing_can_be_forced_and_says_so_when_there_is_none(tmp_path: Path) -> None:
    build = run_dbt(tmp_path, "build", "--vars", "source: landing")
    assert build.exit_code != 0
    assert "expected landed rows" in build.log
    assert "tribu import FILE" in build.log


@pytest.mark.parametrize(
    ("marker", "got"),
    [(None, "no tribu-landing.json"), ('{"format": 2}', "format 2")],
    ids=["another tool's folder", "another version's folder"],
)
def test_a_landing_folder_from_elsewhere_is_refused(tmp_path: Path, marker: str | None, got: str) -> None:
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "notes.txt").write_text("not ours", encoding="utf-8")
    if marker:
        (tmp_path / "landing" / "tribu-landing.json").write_text(marker, encoding="utf-8")
    build = run_dbt(tmp_path, "build")
    assert build.exit_code != 0
    assert "expected a landing folder of format 1" in build.log
    assert got in build.log
    assert not build.site.exists()


def test_an_unknown_source_is_refused(tmp_path: Path) -> None:
    build = run_dbt(tmp_path, "build", "--vars", "source: elsewhere")
    assert build.exit_code != 0
    assert "expected var 'source' to be auto, landing or sample; got elsewhere" in build.log


def test_the_sample_is_a_landing_folder_that_imports_can_stand_beside(tmp_path: Path) -> None:
    """Sample and landing are read by one path: the sample's files, put where landing is, give the same rows."""
    shutil.copytree(ROOT / "seeds" / "sample", tmp_path / "landing")
    assert run_dbt(tmp_path, "seed").exit_code == 0
    build = run_dbt(tmp_path, "run", "--select", "+stg_accounts", "+stg_posts")
    assert build.exit_code == 0, build.log
    assert "landed rows of 1 import in" in build.log
    assert build.value("select count(*) from staging.stg_posts") > 38_000


def test_two_imports_of_one_file_choose_the_same_of_rows_that_contradict_each_other(tmp_path: Path) -> None:
    """Forty accounts are listed twice for one moment; which row wins may not depend on the import."""
    rows = "".join(f"instagram,sample_{n},{n}{row}00,10,1,2026-06-30\n" for row in (1, 2, 3) for n in range(1, 41))
    chosen = []
    for name in ("one", "two", "three"):
        (folder := tmp_path / name).mkdir()
        landed(folder, rows)
        build = run_dbt(folder, "build", "--select", "+int_accounts", "--indirect-selection", "cautious")
        assert build.exit_code == 0, build.log
        chosen.append(build.rows("select handle, followers_count from intermediate.int_accounts order by handle"))
    assert chosen[0] == chosen[1] == chosen[2]
    assert len(chosen[0]) == 40
