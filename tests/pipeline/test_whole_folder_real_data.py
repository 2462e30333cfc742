"""Every file of the real exports, imported by one command without a word on mappings, and built: the counts add up to the end."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.conftest import Build, run_dbt, run_tribu

from tribu.landing.files import SUFFIXES

pytestmark = pytest.mark.real_data

FOLDERS = (
    "fake_accounts",
    "kim_instagram",
    "small_dirty",
    "tiktok_videos",
    "top1000_2022",
    "youtube_daily",
    "youtube_trending",
)


@pytest.fixture(scope="module")
def whole_build(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("whole_folder")
    imported = run_tribu(folder, "import", "--json", *(str(real_data / name) for name in FOLDERS))
    assert imported.returncode == 0, imported.stderr
    (folder / "import.json").write_text(imported.stdout, encoding="utf-8")
    build = run_dbt(folder, "build", "--vars", json.dumps({"pictures": []}))
    assert build.exit_code == 0, build.log
    return build


def test_no_file_and_no_folder_is_left_out(whole_build: Build, real_data: Path) -> None:
    assert {path.name for path in real_data.iterdir() if path.is_dir()} == set(FOLDERS)
    files = {
        f"{name}/{path.relative_to(real_data / name).as_posix()}"
        for name in FOLDERS
        for path in (real_data / name).rglob("*")
        if path.name.lower().endswith(SUFFIXES)
    }
    outcomes = json.loads((whole_build.folder / "import.json").read_text(encoding="utf-8"))["files"]
    assert {one["file"] for one in outcomes} == files
    for one in outcomes:
        assert one["read"] == one["landed"] + one["duplicate"] + one["rejected"], one
    # a list of errors, of which there were none: a header alone
    assert [one["file"] for one in outcomes if not one["landed"]] == ["youtube_daily/errors_2026-01.csv"]


def test_every_record_is_followed_to_its_end(whole_build: Build) -> None:
    outcomes = json.loads((whole_build.folder / "import.json").read_text(encoding="utf-8"))["files"]
    told = {(one["file"], one["table"]): (one["read"], one["landed"]) for one in outcomes}
    rows = whole_build.rows(
        "select file_name, table_name, rows_read, rows_landed, rows_used, rows_superseded, rows_quarantined "
        "from audit.row_accounting"
    )
    assert {(file, table): (read, landed) for file, table, read, landed, *_ in rows} == told
    for *_, landed, used, superseded, quarantined in rows:
        assert int(str(landed)) == int(str(used)) + int(str(superseded)) + int(str(quarantined))
    assert whole_build.value("select count(*) from marts.fct_posts") == sum(
        int(str(row[4])) for row in rows if row[1] == "posts"
    )
    assert whole_build.value("select count(*) from marts.fct_account_observations") == sum(
        int(str(row[4])) for row in rows if row[1] == "accounts"
    )


def test_channels_followed_day_by_day_grow_and_stay_one_through_their_titles(
    whole_build: Build, real_data: Path
) -> None:
    path = real_data / "youtube_daily" / "youtube_daily_snapshots.csv"
    days: dict[str, dict[str, int]] = {}
    titles: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            days.setdefault(row["channel_id"], {})[row["date_utc"]] = int(row["subscribers"])
            titles.setdefault(row["channel_id"], set()).add(row["channel_title"])
    renamed = sorted(channel for channel, found in titles.items() if len(found) > 1)
    assert (len(days), len(renamed)) == (227, 6)
    growth = {
        str(channel): ratio
        for channel, ratio in whole_build.rows(
            "select account_id, growth_30d_ratio from marts.dim_influencers where platform = 'youtube' "
            "and account_id is not null"
        )
    }
    observed = dict(
        whole_build.rows(
            "select account_id, count(distinct cast(observed_at as date)) from marts.fct_account_observations "
            "where source = 'youtube_daily' and followers_count is not null group by account_id"
        )
    )
    assert observed == {channel: len(found) for channel, found in days.items()}
    compared = 0
    for channel, found in days.items():
        first, last = min(found), max(found)
        span = int(last[-2:]) + (31 if last[5:7] == "02" else 0) - int(first[-2:]) - (31 if first[5:7] == "02" else 0)
        ratio = growth[channel]
        if span == 29 and found[first]:
            # the nearest to thirty days is the whole span
            assert ratio == pytest.approx((found[last] / found[first]) ** (30 / 29) - 1)
            compared += 1
        elif span < 15:
            assert ratio is None
    assert compared > 20
    # three titles lose a blank at an end, which is no other name; the others are listed
    listed = whole_build.rows(
        "select old_name, new_name from audit.rename_review as changes inner join marts.dim_influencers as accounts "
        "on changes.influencer_key = accounts.influencer_key "
        f"where accounts.account_id in ({', '.join(repr(channel) for channel in renamed)}) "
        "and name_kind = 'display_name' and status = 'kept_by_id'"
    )
    told = {frozenset(title.strip() for title in titles[channel]) for channel in renamed}
    assert {frozenset(map(str, names)) for names in listed} == {names for names in told if len(names) > 1}


def test_ids_of_nineteen_digits_and_accounts_without_a_handle_come_to_the_end(
    whole_build: Build, real_data: Path
) -> None:
    ids = set()
    for path in (real_data / "tiktok_videos").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            ids |= {row["id"] for row in csv.DictReader(stream)}
    posts = {post for (post,) in whole_build.rows("select post_id from marts.fct_posts where source = 'tiktok_videos'")}
    assert posts == ids
    nameless = whole_build.value(
        "select count(*) from marts.dim_influencers where handle is null and account_id like 'fake%'"
    )
    landed = whole_build.value("select sum(rows_landed) from audit.row_accounting where source = 'fake_accounts'")
    assert nameless == landed


def test_renames_of_lists_without_ids_are_proposed_and_not_applied(whole_build: Build) -> None:
    proposed = dict(
        whole_build.rows(
            "select old_name, new_name from audit.rename_review where status = 'proposed' and platform = 'tiktok'"
        )
    )
    assert proposed["jakekrantz1"] == "jakekrantz"
    assert proposed["evcnoble"] == "everett"
    assert whole_build.value("select count(*) from audit.rename_review where status = 'proposed'") < 100
    apart = whole_build.value(
        "select count(distinct influencer_key) from marts.dim_influencers where handle in ('evcnoble', 'everett')"
    )
    assert apart == 2
