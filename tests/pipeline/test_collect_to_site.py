"""From two networks to the site: three days of collecting, the last two of them two days apart, one build; what was won since on its pages, and gaps, too."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest
from tests.conftest import Build, run_dbt, run_tribu
from tests.kept import found, misfits
from tests.networks.bluesky import START, BlueskyServer, Person
from tests.networks.collected import IMPATIENT, collected
from tests.networks.mastodon import Account, MastodonServer
from tests.networks.server import Answer, Fault

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
PEOPLE = 60


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Runs of each network two days apart, and one before them, for a month's growth cannot be told from two days; the last of Bluesky ends without quota."""
    folder = tmp_path_factory.mktemp("collected")
    people = [Person(n, f"person{n}.test", followers=40 * n * n, posts=4 + n % 9) for n in range(1, PEOPLE + 1)]
    accounts = [Account(n, f"person{n}", followers=30 * n * n, posts=4 + n % 7) for n in range(1, PEOPLE + 1)]
    asked = [one.handle for one in people]
    with BlueskyServer(people) as bluesky, MastodonServer(accounts) as mastodon:
        for day in (0, 18, 20):
            clock = partial(lambda moment: moment, FIRST + timedelta(days=day))
            for one in [*people, *accounts]:
                one.followers = round(one.followers * (1.1 if day else 1))
            if day == 20:
                late = Answer({"error": "RateLimitExceeded"}, 429, {"RateLimit-Reset": "9999999999"})
                bluesky.faults.append(Fault("getAuthorFeed", after=50, times=99, answer=late))
            collected(folder, bluesky, [*asked, "nobody.test"], slice_size=25, clock=clock)
            names = [one.acct for one in accounts]
            collected(folder, mastodon, names, platform="mastodon", clock=clock, patience=IMPATIENT)
        assert (bluesky.violations, mastodon.violations) == ([], [])
    done = run_dbt(folder, "build", "--vars", json.dumps({"pictures": [], "algorithms": ["kmeans"]}))
    assert done.exit_code == 0, done.log
    with duckdb.connect(str(done.warehouse)) as connection:
        connection.execute(
            "insert into reference.influencer_pages "
            "values ('bluesky', 'person10.test', null), ('bluesky', 'person55.test', null)"
        )
    paged = run_dbt(folder, "run", "--select", "rpt_influencer_pages", "rpt_influencer_metrics", "report_site")
    assert paged.exit_code == 0, paged.log
    return done


def followers(first: int) -> tuple[int, int, int]:
    """Followers on each of the three days: a tenth more each time."""
    second = round(first * 1.1)
    return first, second, round(second * 1.1)


def test_every_account_and_post_is_in_the_marts_once(build: Build) -> None:
    assert build.rows("select platform, count(*) from marts.dim_influencers group by platform order by platform") == [
        ("bluesky", PEOPLE),
        ("mastodon", PEOPLE),
    ]
    posts = sum(4 + n % 9 for n in range(1, PEOPLE + 1)) + sum(4 + n % 7 for n in range(1, PEOPLE + 1))
    assert build.value("select count(*) from marts.fct_posts") == posts
    assert build.value("select max(posted_at) from marts.fct_posts") == START.replace(tzinfo=None)
    assert build.value("select count(*) from staging.quarantined_accounts") == 0
    assert build.value("select count(*) from staging.quarantined_posts") == 0


def test_growth_shows_for_whom_was_seen_twice(build: Build) -> None:
    counts = build.rows(
        "select seen.followers_count from marts.fct_account_observations as seen "
        "inner join marts.dim_influencers using (influencer_key) where dim_influencers.handle = 'person10.test' "
        "order by seen.observed_at"
    )
    assert counts == [(count,) for count in followers(4000)]
    # A fifth in twenty days, a tenth in eighteen for whom the limit left out; the smallest accounts have no whole number of followers that
    # would be a tenth more.
    growth = build.rows(
        "select platform, round(growth_30d_ratio, 2), count(*) from marts.dim_influencers "
        "where followers_count > 5000 group by all order by all"
    )
    assert [(platform, ratio) for platform, ratio, _ in growth] == [
        ("bluesky", round(1.1 ** (30 / 18) - 1, 2)),
        ("bluesky", round(1.21**1.5 - 1, 2)),
        ("mastodon", round(1.21**1.5 - 1, 2)),
    ]
    assert growth[0][2] == 10
    seen = build.rows(
        "select dim_influencers.platform, count(distinct fct_account_observations.observed_at), count(*) "
        "from marts.fct_account_observations inner join marts.dim_influencers using (influencer_key) "
        "group by dim_influencers.platform order by dim_influencers.platform"
    )
    # Fifty of sixty before the limit on the last day of Bluesky.
    assert seen == [("bluesky", 3, 2 * PEOPLE + 50), ("mastodon", 3, 3 * PEOPLE)]


def test_what_was_won_in_two_days_shows_for_everyone(build: Build) -> None:
    expected = []
    for platform, factor, handle, reached in (
        ("bluesky", 40, "person{}.test", 50),
        ("mastodon", 30, "person{}", PEOPLE),
    ):
        for n in range(1, PEOPLE + 1):
            before, then, now = followers(factor * n * n)
            # whom the limit left out was last seen two days earlier, and compared with the day before that
            change = (now - then, "2026-11-20") if n <= reached else (then - before, "2026-11-02")
            expected.append((platform, handle.format(n), *change))
    found = build.rows(
        "select platform, split_part(handle, '@', 1), followers_change_count, cast(followers_change_since as varchar) "
        "from marts.dim_influencers"
    )
    assert sorted(found) == sorted(expected)


def test_growth_is_on_the_site(build: Build) -> None:
    known = 2 * PEOPLE
    for page, label in (("quality.html", "Growth known"), ("fr/quality.html", "Croissance connue"),
                        ("quality.html", "Change of followers known"), ("fr/quality.html", "Évolution des abonnés connue")):  # fmt: skip
        text = (build.site / page).read_text(encoding="utf-8")
        assert re.search(rf"{label}</dt>\s*<dd[^>]*>\s*{known}\b", text), (page, label)
    report = json.loads((build.site / "report.json").read_text(encoding="utf-8"))
    assert report["identity"]["influencers_with_growth"] == known
    assert report["identity"]["influencers_with_change"] == known
    with (build.site / "downloads" / "influencers.csv").open(encoding="utf-8-sig", newline="") as file:
        grown = {row["handle"]: row for row in csv.DictReader(file)}
    assert round(float(grown["person40.test"]["growth_30d_ratio"]), 2) == round(1.21**1.5 - 1, 2)
    _, then, now = followers(40 * 40 * 40)
    assert grown["person40.test"]["followers_change_count"] == str(now - then)
    assert grown["person40.test"]["followers_change_since"] == "2026-11-20"


def test_what_was_won_in_two_days_is_on_the_page_of_an_influencer(build: Build) -> None:
    keys = dict(build.rows("select handle, influencer_key from marts.dim_influencers where platform = 'bluesky'"))
    for folder, since, change in (
        ("", "Followers since 20 November 2026", "+440 (10.0 %)"),
        ("fr", "Abonnés depuis le 20 novembre 2026", "+440 (10,0 %)"),
    ):
        text = (build.site / folder / "influencers" / f"{keys['person10.test']}.html").read_text(encoding="utf-8")
        assert re.search(rf"<dt>{since}</dt><dd>{re.escape(change)}</dd>", re.sub(r"[\u00a0\u202f]", " ", text)), folder
    text = (build.site / "influencers" / f"{keys['person55.test']}.html").read_text(encoding="utf-8")
    # The limit left it out of the last look: what it won is told of the days on which it was seen.
    assert re.search(r"<dt>Followers since 2\s+November 2026</dt><dd>\+12,100 \(10\.0\s%\)</dd>", text)


def test_runs_are_in_the_warehouse_and_on_the_page(build: Build) -> None:
    runs = build.rows(
        "select platform, status, reason, accounts_asked, accounts_settled, accounts_unseen, accounts_missing, "
        "posts_expected = posts_received from reporting.rpt_collection_runs order by run_id"
    )
    assert runs == [
        ("bluesky", "complete", None, 61, 61, 1, 0, True),
        ("mastodon", "complete", None, 60, 60, 0, 0, True),
        ("bluesky", "complete", None, 61, 61, 1, 0, True),
        ("mastodon", "complete", None, 60, 60, 0, 0, True),
        ("bluesky", "incomplete", "limit", 61, 50, 0, 11, True),
        ("mastodon", "complete", None, 60, 60, 0, 0, True),
    ]
    assert ("bluesky_api", "account:unknown", 2) in build.rows("select * from reporting.rpt_reject_reasons")
    for page, sentence in (
        ("quality.html", r"11 of 61 accounts of Bluesky are missing from its last run. The network asked"),
        ("fr/quality.html", r"11 comptes Bluesky sur 61 manquent à la dernière collecte. Le réseau a demandé"),
    ):
        text = (build.site / page).read_text(encoding="utf-8")
        assert re.search(sentence, text), page
    report = json.loads((build.site / "report.json").read_text(encoding="utf-8"))
    assert sum(run["accounts_missing"] for run in report["collection_runs"]) == 11


def test_a_collected_account_is_forgotten_with_every_byte(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(build.warehouse.parent, kept)
    monkeypatch.setenv("DBT_TARGET_PATH", str(kept / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(kept / "logs"))
    ((key, account_id),) = build.rows(
        "select influencer_key, account_id from marts.dim_influencers where handle = 'person10.test'"
    )
    names = ["person10.test", str(account_id), str(key)]
    before = found(kept, names)
    assert {"warehouse.duckdb", "site/downloads/influencers.csv", f"site/influencers/{key}.html"} <= before
    done = run_tribu(kept, "forget", "person10.test", "--platform", "bluesky", "--yes")
    assert done.returncode == 0, done.stderr
    assert found(kept, names) == set()
    assert misfits(kept / "landing") == []


def test_the_page_names_no_account(build: Build) -> None:
    assert not [
        path
        for path in (Path("quality.html"), Path("fr/quality.html"))
        if re.search(r"person\d|nobody\.test", (build.site / path).read_text(encoding="utf-8"))
    ]
