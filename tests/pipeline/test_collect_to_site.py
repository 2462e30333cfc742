"""From two networks to the site: two days of collecting, twenty days apart, one build, growth in its figures and gaps on its page."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.conftest import Build, run_dbt
from tests.networks.bluesky import START, BlueskyServer, Person
from tests.networks.collected import IMPATIENT, collected
from tests.networks.mastodon import Account, MastodonServer
from tests.networks.server import Answer, Fault

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
PEOPLE = 60


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Two runs of each network, twenty days apart, for growth over less than fifteen would be a guess; the last of Bluesky ends without quota."""
    folder = tmp_path_factory.mktemp("collected")
    people = [Person(n, f"person{n}.test", followers=40 * n * n, posts=4 + n % 9) for n in range(1, PEOPLE + 1)]
    accounts = [Account(n, f"person{n}", followers=30 * n * n, posts=4 + n % 7) for n in range(1, PEOPLE + 1)]
    asked = [one.handle for one in people]
    with BlueskyServer(people) as bluesky, MastodonServer(accounts) as mastodon:
        for day in (0, 20):
            clock = partial(lambda moment: moment, FIRST + timedelta(days=day))
            for one in [*people, *accounts]:
                one.followers = round(one.followers * (1.1 if day else 1))
            if day:
                late = Answer({"error": "RateLimitExceeded"}, 429, {"RateLimit-Reset": "9999999999"})
                bluesky.faults.append(Fault("getAuthorFeed", after=50, times=99, answer=late))
            collected(folder, bluesky, [*asked, "nobody.test"], slice_size=25, clock=clock)
            names = [one.acct for one in accounts]
            collected(folder, mastodon, names, platform="mastodon", clock=clock, patience=IMPATIENT)
        assert (bluesky.violations, mastodon.violations) == ([], [])
    done = run_dbt(folder, "build", "--vars", json.dumps({"pictures": [], "algorithms": ["kmeans"]}))
    assert done.exit_code == 0, done.log
    return done


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
    ((first, last),) = build.rows(
        "select min(seen.followers_count), max(seen.followers_count) from marts.fct_account_observations as seen "
        "inner join marts.dim_influencers using (influencer_key) where dim_influencers.handle = 'person10.test'"
    )
    assert (first, last) == (4000, 4400)
    # A tenth in twenty days; the smallest accounts have no whole number of followers that would be a tenth more.
    growth = build.rows(
        "select platform, round(growth_30d_ratio, 2), count(*) from marts.dim_influencers "
        "where followers_count > 5000 group by all order by all"
    )
    assert [(platform, ratio) for platform, ratio, _ in growth] == [
        ("bluesky", round(1.1**1.5 - 1, 2)),
        ("bluesky", None),
        ("mastodon", round(1.1**1.5 - 1, 2)),
    ]
    assert growth[1][2] == 10
    seen = build.rows(
        "select dim_influencers.platform, count(distinct fct_account_observations.observed_at), count(*) "
        "from marts.fct_account_observations inner join marts.dim_influencers using (influencer_key) "
        "group by dim_influencers.platform order by dim_influencers.platform"
    )
    # Fifty of sixty before the limit on the second day of Bluesky.
    assert seen == [("bluesky", 2, PEOPLE + 50), ("mastodon", 2, 2 * PEOPLE)]


def test_growth_is_on_the_site(build: Build) -> None:
    known = build.value("select count(*) from marts.dim_influencers where growth_30d_ratio is not null")
    # All that were seen on both days.
    assert known == PEOPLE + 50
    for page, label in (("quality.html", "Growth known"), ("fr/quality.html", "Croissance connue")):
        text = (build.site / page).read_text(encoding="utf-8")
        assert re.search(rf"{label}</dt>\s*<dd[^>]*>\s*{known}\b", text), page
    report = json.loads((build.site / "report.json").read_text(encoding="utf-8"))
    assert report["identity"]["influencers_with_growth"] == known
    with (build.site / "downloads" / "influencers.csv").open(encoding="utf-8-sig", newline="") as file:
        grown = {row["handle"]: row["growth_30d_ratio"] for row in csv.DictReader(file)}
    assert round(float(grown["person40.test"]), 2) == round(1.1**1.5 - 1, 2)
    # Not seen again before the limit: unknown, and no zero.
    assert grown["person55.test"] == ""


def test_runs_are_in_the_warehouse_and_on_the_page(build: Build) -> None:
    runs = build.rows(
        "select platform, status, reason, accounts_asked, accounts_settled, accounts_unseen, accounts_missing, "
        "posts_expected = posts_received from reporting.rpt_collection_runs order by run_id"
    )
    assert runs == [
        ("bluesky", "complete", None, 61, 61, 1, 0, True),
        ("mastodon", "complete", None, 60, 60, 0, 0, True),
        ("bluesky", "incomplete", "limit", 61, 50, 0, 11, True),
        ("mastodon", "complete", None, 60, 60, 0, 0, True),
    ]
    assert ("bluesky_api", "account:unknown", 1) in build.rows("select * from reporting.rpt_reject_reasons")
    for page, sentence in (
        ("quality.html", r"11 of 61 accounts of Bluesky are missing from its last run. The network asked"),
        ("fr/quality.html", r"11 comptes Bluesky sur 61 manquent à la dernière collecte. Le réseau a demandé"),
    ):
        text = (build.site / page).read_text(encoding="utf-8")
        assert re.search(sentence, text), page
    report = json.loads((build.site / "report.json").read_text(encoding="utf-8"))
    assert sum(run["accounts_missing"] for run in report["collection_runs"]) == 11


def test_the_page_names_no_account(build: Build) -> None:
    assert not [
        path
        for path in (Path("quality.html"), Path("fr/quality.html"))
        if re.search(r"person\d|nobody\.test", (build.site / path).read_text(encoding="utf-8"))
    ]
