"""Imports of the real exports: every record accounted for, values as they stand in the files."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from tribu.landing.importing import ImportResult, import_files
from tribu.landing.store import check_landing

pytestmark = pytest.mark.real_data

TOP1000_DUPLICATES = {
    "social media influencers - instagram.csv": 0,
    "social media influencers-instagram june 2022 - june 2022.csv": 27,
    # 11 more are repeated under another number: they land, and the warehouse supersedes them.
    "social media influencers - instagram sep-2022.csv": 50,
    "social media influencers-instagram - -nov 2022.csv": 0,
    "social media influencers - tiktok.csv": 11,
    "social media influencers-tiktok june 2022 - june 2022.csv": 15,
    "social media influencers - Tiktok sep 2022.csv": 0,
    "social media influencers-tiktok - ---nov 2022.csv": 0,
    "social media influencers - youtube.csv": 1,
    "social media influencers-youtube june 2022 - june 2022.csv": 21,
    "social media influencers - Youtube sep-2022.csv": 47,
    "social media influencers-youtube - --nov 2022.csv": 0,
}
TEXT_AND_NUMBER = {
    # landing column → key in `extra` of the number beside the mapped text, per variant
    "instagram_2022_03": {"followers": "Followers Numbers", "avg_interactions": "Engagement avg Values"},
    "instagram_2022_06": {"followers": "Subscribers count (2)", "avg_interactions": "Comments avg. (2)"},
    "instagram_2022_09": {"followers": "Subscribers (2)", "avg_interactions": "Engagement average Values"},
    "instagram_2022_11": {"followers": "Followers (2)", "avg_interactions": "Eng. (Avg.) (2)"},
    "tiktok_2022_03": {
        "followers": "Subscribers count (2)",
        "avg_views": "Views avg. (2)",
        "avg_likes": "Likes avg (2)",
        "avg_comments": "Comments avg. (2)",
        "avg_shares": "Shares avg (2)",
    },
    "tiktok_2022_06": {
        "followers": "Subscribers count (2)",
        "avg_views": "Views avg. (2)",
        "avg_likes": "Likes avg (2)",
        "avg_comments": "Comments avg. (2)",
        "avg_shares": "Shares avg (2)",
    },
    "tiktok_2022_09": {
        "followers": "Subscribers (2)",
        "avg_views": "Views avg. (2)",
        "avg_likes": "Likes avg. (2)",
        "avg_comments": "Comments avg. (2)",
        "avg_shares": "Shares avg. (2)",
    },
    "youtube_2022_03": {
        "followers": "Subscribers (2)",
        "avg_views": "avg views (2)",
        "avg_likes": "avg likes (2)",
        "avg_comments": "avg comments (2)",
    },
    "youtube_2022_06": {
        "followers": "Subscribers count (2)",
        "avg_views": "Views avg. (2)",
        "avg_likes": "Likes avg (2)",
        "avg_comments": "Comments avg. (2)",
    },
    "youtube_2022_09": {
        "followers": "Subscribers (2)",
        "avg_likes": "Avg. likes (2)",
        "avg_comments": "Avg Comments (2)",
    },
    "youtube_2022_11": {
        "followers": "Followers (2)",
        "avg_views": "Views (Avg.) (2)",
        "avg_likes": "Likes (Avg.) (2)",
        "avg_comments": "Comments (Avg.) (2)",
    },
}


class Landed(NamedTuple):
    folder: Path
    result: ImportResult
    said: list[str]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect() as connection:
            for table in ("accounts", "posts", "rejects", "imports"):
                files = str(self.folder / table / "*.parquet").replace("'", "''")
                connection.execute(f"create view {table} as from read_parquet('{files}')")
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def landed(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """The three exports, imported by one call."""
    folder = tmp_path_factory.mktemp("real") / "landing"
    said: list[str] = []
    paths = [real_data / name for name in ("top1000_2022", "kim_instagram", "youtube_trending")]
    return Landed(folder, import_files(folder, paths, say=said.append), said)


def records(path: Path) -> Iterator[list[str]]:
    """Records as Python's own parser splits them, header and rule of ``=`` left out."""
    tabs = path.suffix == ".txt"
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = csv.reader(
            stream, delimiter="\t" if tabs else ",", quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL
        )
        for number, row in enumerate(rows):
            if number and row and not row[0].startswith("==="):
                yield row


def test_another_parser_counts_the_same_records(landed: Landed, real_data: Path) -> None:
    read = {(one.file, one.read) for one in landed.result.outcomes}
    counted = {(file, sum(1 for _ in records(real_data / file))) for file, _ in read}
    assert read == counted
    assert len(read) == 12 + 2 + 372
    assert not any(one.rejected for one in landed.result.outcomes)


def test_landed_rows_are_as_many_as_counted(landed: Landed) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for one in landed.result.outcomes:
        counted[one.table, one.file] += one.landed
    found = landed.query(
        "select 'accounts', _file, count(*) from accounts group by all "
        "union all select 'posts', _file, count(*) from posts group by all"
    )
    assert {(table, file): rows for table, file, rows in found} == dict(counted)
    assert check_landing(landed.folder)


def test_the_ledger_holds_the_hash_of_every_file(landed: Landed, real_data: Path) -> None:
    ledger = landed.query("select distinct _file, _file_sha256 from imports")
    assert len(ledger) == 12 + 2 + 372
    assert all(hashlib.sha256((real_data / file).read_bytes()).hexdigest() == sha for file, sha in ledger)


def test_top1000_every_file_and_its_duplicates(landed: Landed) -> None:
    found = {
        one.file.removeprefix("top1000_2022/"): one.duplicate
        for one in landed.result.outcomes
        if one.mapping.startswith("top1000_2022/")
    }
    assert found == TOP1000_DUPLICATES


def test_top1000_handles_are_handles_and_not_names(landed: Landed) -> None:
    found = landed.query(
        "select platform, handle, list(distinct observed_at order by observed_at) from accounts "
        "where (platform, handle) in (('instagram', 'cristiano'), ('tiktok', 'khaby.lame'), ('youtube', 'tseries')) "
        "group by all order by all"
    )
    dates = ["2022-03-01", "2022-06-01", "2022-09-01", "2022-11-01"]
    assert found == [
        ("instagram", "cristiano", dates),
        ("tiktok", "khaby.lame", dates),
        ("youtube", "tseries", dates),
    ]
    names = landed.query(
        "select distinct display_name from accounts where handle in ('cristiano', 'tseries') order by all"
    )
    assert [name for (name,) in names] == ["Cristiano Ronaldo", "T-Series"]


def test_top1000_accounts_in_all_four_lists(landed: Landed) -> None:
    """A handle taken for a display name in one month would break the chain of that platform."""
    found = dict(
        landed.query(
            "select platform, count(*) from ("
            "  select platform, handle from accounts where source = 'top1000_2022' and handle is not null"
            "  group by all having count(distinct observed_at) = 4"
            ") group by platform"
        )
    )
    assert found["instagram"] >= 545
    assert found["youtube"] >= 649
    assert found["tiktok"] >= 128


def test_top1000_june_country_is_a_country(landed: Landed) -> None:
    shifted, named = landed.query(
        "select count(*) filter (where regexp_matches(audience_country, '[0-9]')), "
        "count(*) filter (where audience_country = 'United States') "
        "from accounts where _file like '%instagram june%'"
    )[0]
    assert (shifted, named > 250) == (16, True)


@pytest.mark.parametrize("variant", TEXT_AND_NUMBER)
def test_top1000_numbers_stay_beside_their_text(landed: Landed, variant: str) -> None:
    platform, year, month = variant.split("_")
    found = landed.query(
        f"select * from (from accounts where source = 'top1000_2022' and platform = '{platform}' "
        f"and observed_at = '{year}-{month}-01')"
    )
    assert found
    columns = [name for (name, *_) in landed.query("describe accounts")]
    shift = {"K": 1e3, "M": 1e6}
    for values in found:
        row = dict(zip(columns, values, strict=True))
        extra = json.loads(row["extra"])
        for column, key in TEXT_AND_NUMBER[variant].items():
            text, number = row[column], extra[key]
            if text in (None, "N/A", "N/A'"):
                assert number in ("#VALOR!", "0"), row
            else:
                value = float(text[:-1]) * shift[text[-1]] if text[-1] in shift else float(text)
                assert value == pytest.approx(float(number)), row


def test_kim_posts_come_with_ids_and_accounts_with_handles(landed: Landed) -> None:
    assert landed.query(
        "select count(*), count(distinct handle), count(account_id), any_value(observed_at) "
        "from accounts where source = 'kim_instagram'"
    ) == [(33_935, 33_935, 0, "2019-05-15")]
    assert landed.query(
        "select count(*), count(distinct account_id), count(distinct handle), count(observed_at), "
        "count(*) filter (where handle not in (select handle from accounts where source = 'kim_instagram')) > 0 "
        "from posts where source = 'kim_instagram'"
    ) == [(39_907, 23_050, 23_050, 0, True)]


def test_kim_captions_keep_their_line_breaks(landed: Landed, real_data: Path) -> None:
    """The file ends records with two characters, and has three kinds of line breaks in its captions."""
    captions = {row[0]: row[-1] or None for row in records(real_data / "kim_instagram" / "post_data_flat.csv")}
    found = landed.query("select extra ->> 'file', caption from posts where source = 'kim_instagram'")
    assert dict(found) == captions
    assert any("\r" in caption for caption in captions.values() if caption)


def test_youtube_trending_feeds_both_tables(landed: Landed) -> None:
    posts, accounts = (
        landed.query(f"select count(*), count(distinct account_id) from {table} where source = 'youtube_trending'")[0]
        for table in ("posts", "accounts")
    )
    assert posts == accounts
    assert posts[0] == 18_485
    countries = landed.query("select distinct extra ->> 'country' from posts where source = 'youtube_trending'")
    assert len(countries) == 12
    assert landed.query("select count(country) from accounts where source = 'youtube_trending'") == [(0,)]


def test_importing_it_all_again_lands_nothing(landed: Landed, real_data: Path) -> None:
    paths = [real_data / name for name in ("youtube_trending", "kim_instagram", "top1000_2022")]
    again = import_files(landed.folder, paths)
    assert again.batch_id is None
    assert sum(one.duplicate for one in again.outcomes) == sum(one.read for one in landed.result.outcomes)
    assert not any(one.landed or one.rejected for one in again.outcomes)


def test_the_undated_list_of_instagram(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "small_dirty" / "top_insta_influencers_data.csv"
    result = import_files(tmp_path / "landing", [path], observed_at="2022-12-01")
    assert [(one.mapping, one.read, one.landed) for one in result.outcomes] == [
        ("top_insta_influencers_data", 200, 200)
    ]
    landed = Landed(tmp_path / "landing", result, [])
    assert landed.query(
        "select handle, followers, engagement_rate, total_likes, observed_at, extra ->> 'rank' "
        "from accounts where handle = 'cristiano'"
    ) == [("cristiano", "475.8m", "1.39%", "29.0b", "2022-12-01", "1")]
    assert landed.query("select units['engagement_rate'] from imports") == [("percent",)]
