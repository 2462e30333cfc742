"""`tribu expire`: what a network's terms do not allow to be kept is gone, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.conftest import run_dbt, run_tribu
from tests.kept import found, misfits
from tests.networks.collected import collected, landed
from tests.networks.mastodon import Account, MastodonServer
from tests.networks.youtube import KEY, Channel, YouTubeServer

from tribu.errors import ProjectError
from tribu.landing.importing import import_files
from tribu.privacy.retention import read_retention

OLD_NAME = "soupe_before_it_was_renamed"


def aged(landing: Path, days: int) -> None:
    """Make everything landed so far so many days older."""
    for path in landing.glob("*/*.parquet"):
        table = pq.ParquetFile(path).read()
        if "_landed_at" not in table.column_names:
            continue  # runs: they name nobody of the network's
        place = table.column_names.index("_landed_at")
        moment = pc.subtract(table["_landed_at"], pa.scalar(timedelta(days=days), pa.duration("us")))
        pq.write_table(table.set_column(place, table.schema.field(place), moment), path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two channels collected 31 days ago, one of them again today; a Mastodon account and a file of channels as old."""
    monkeypatch.setenv("TRIBU_YOUTUBE_KEY", KEY)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    channels = [Channel(1, OLD_NAME, subscribers=4_000, videos=3), Channel(2, "left_alone", videos=2)]
    asked = [one.id for one in channels]
    (tmp_path / "list.csv").write_text(
        "platform,account_id,handle,followers\nyoutube,UCown,own_list,900\n", encoding="utf-8"
    )
    with YouTubeServer(channels) as youtube, MastodonServer([Account(1, "toots", posts=2)]) as mastodon:
        collected(tmp_path, youtube, [*asked, "nobody"], platform="youtube")
        collected(tmp_path, mastodon, ["toots"], platform="mastodon")
        import_files(tmp_path / "landing", [tmp_path / "list.csv"])
        aged(tmp_path / "landing", 31)
        channels[0].handle = "soupe"
        collected(tmp_path, youtube, asked[:1], platform="youtube")
    return tmp_path


def test_what_is_too_old_goes_and_what_was_read_again_stays(folder: Path) -> None:
    # two accounts, five videos, one that nobody has, and three answers
    said = run_tribu(folder, "status")
    assert "11 records landed more than 30 days ago, longer than its terms allow; tribu expire" in said.stdout
    before = {table: landed(folder, table) for table in ("accounts", "posts")}
    dry = run_tribu(folder, "expire", "--dry-run")
    assert (dry.returncode, dry.stderr.strip()) == (0, "nothing was changed")
    assert {table: landed(folder, table) for table in before} == before

    done = run_tribu(folder, "expire")
    assert (done.returncode, done.stdout) == (0, dry.stdout)
    sources = pc.value_counts(landed(folder, "accounts")["source"]).to_pylist()
    assert sorted((one["values"], one["counts"]) for one in sources) == [
        ("landing_columns", 1),
        ("mastodon_api", 1),
        ("youtube_api", 1),
    ]
    assert landed(folder, "accounts").filter(pc.field("source") == "youtube_api")["handle"].to_pylist() == ["soupe"]
    # the videos of today's channel were landed again with it
    assert landed(folder, "posts").filter(pc.field("source") == "youtube_api").num_rows == 3
    assert found(folder / "landing", [OLD_NAME, "left_alone"]) == set()
    assert misfits(folder / "landing") == []
    again = run_tribu(folder, "expire")
    assert (again.stdout, again.stderr.strip()) == ("", "nothing is older than the terms of its network allow")


def test_the_build_warns_and_goes_on_and_accounts_for_what_went(folder: Path) -> None:
    wanted = ["+row_accounting", "every_landed_row_is_accounted_for", "nothing_outlives_its_terms"]
    checks = ["build", "--select", *wanted, "--indirect-selection", "buildable"]
    warned = run_dbt(folder, *checks)
    assert warned.exit_code == 0, warned.log
    assert "Warning in test nothing_outlives_its_terms" in warned.log
    assert run_tribu(folder, "expire").returncode == 0
    done = run_dbt(folder, *checks)
    assert done.exit_code == 0, done.log
    assert "Warning in test nothing_outlives_its_terms" not in done.log
    # two accounts and five videos, and the rejected record once for each of the two tables
    assert done.value("select sum(rows_forgotten) from audit.row_accounting where source = 'youtube_api'") == 9


@pytest.mark.parametrize("stated", ["{youtube: soon}", "{youtube: 0}", "[youtube]", "{youtube: true}"])
def test_a_span_that_is_none_is_told(tmp_path: Path, stated: str) -> None:
    (tmp_path / "dbt_project.yml").write_text(f"vars:\n  retention_days: {stated}\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="whole number of days"):
        read_retention(tmp_path)


@pytest.mark.parametrize("stated", ["vars: {}", "vars: {retention_days: {}}", "vars: {retention_days: }"])
def test_a_project_without_a_span_keeps_everything(tmp_path: Path, stated: str) -> None:
    (tmp_path / "dbt_project.yml").write_text(stated, encoding="utf-8")
    assert read_retention(tmp_path) == {}
