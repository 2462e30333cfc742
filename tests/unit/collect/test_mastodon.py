"""Collecting from instances: a small one of the tests, and one that others wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.networks.collected import collected, collected_at, landed
from tests.networks.mastodon import Account, MastodonServer
from tests.networks.others import ASKED, instance_of_others
from tests.networks.server import Answer, Fault


@pytest.fixture
def server() -> Iterator[MastodonServer]:
    accounts = [Account(number, f"person{number}", posts=20 * number) for number in range(1, 7)]
    with MastodonServer([*accounts, Account(90, "other@elsewhere.example", posts=2)]) as running:
        yield running
        assert running.violations == []


def test_statuses_come_page_by_page_to_the_end(server: MastodonServer, tmp_path: Path) -> None:
    result = collected(tmp_path, server, ["@person1", "person6", "other@elsewhere.example"], platform="mastodon")

    assert (result.run.status, result.accounts, result.posts) == ("complete", 3, 20 + 120 + 2)
    assert result.shortfalls == []
    host = server.url.removeprefix("http://")
    accounts = {row["handle"]: row for row in landed(tmp_path, "accounts").to_pylist()}
    assert set(accounts) == {f"person1@{host}", f"person6@{host}", "other@elsewhere.example"}
    # The number of an account is the instance's own.
    assert accounts["other@elsewhere.example"]["account_id"] == f"{server.accounts[-1].id}@{host}"
    assert accounts[f"person1@{host}"]["bio"] == "Soupe & pain\ntous les jours"
    post = landed(tmp_path, "posts").to_pylist()[0]
    assert (post["caption"], post["hashtags"], post["media_type"]) == ("Jour 20 <3", "#pain", "image")
    assert post["account_id"] == accounts[f"person1@{host}"]["account_id"]


def test_each_kind_of_account_has_its_outcome(server: MastodonServer, tmp_path: Path) -> None:
    server.accounts[0].suspended, server.accounts[1].gone = True, True
    server.accounts[2].moved = "person3@new.example"
    result = collected(tmp_path, server, ["person1", "person2", "person3", "nobody"], platform="mastodon")

    assert result.outcomes == {"suspended": 2, "collected": 1, "unknown": 1}
    details = {row["asked"].split("@")[0]: row["detail"] for row in landed(tmp_path, "collections").to_pylist()}
    assert details["person3"] == "moved to person3@new.example"


def test_boosts_count_as_the_profile_counts_them_and_do_not_land(server: MastodonServer, tmp_path: Path) -> None:
    server.accounts[2].boosts = 45
    result = collected(tmp_path, server, ["person3"], platform="mastodon")

    assert (result.posts, result.shortfalls) == (15, [])
    (row,) = landed(tmp_path, "collections").to_pylist()
    assert (row["posts_stated"], row["posts_received"]) == (60, 60)


def test_a_renamed_account_is_found_by_its_number(server: MastodonServer, tmp_path: Path) -> None:
    collected(tmp_path, server, ["person1"], platform="mastodon")
    server.accounts[0].acct = "novel"

    assert collected(tmp_path, server, ["person1"], platform="mastodon").outcomes == {"renamed": 1}


def test_a_link_to_another_host_is_not_followed(server: MastodonServer, tmp_path: Path) -> None:
    away = {"Link": '<https://elsewhere.invalid/api/v1/accounts/1/statuses?max_id=5>; rel="next"'}
    server.faults.append(Fault("/statuses", answer=lambda answer: Answer(answer.payload, headers=away)))
    result = collected(tmp_path, server, ["person4"], platform="mastodon")

    assert "another host: elsewhere.invalid" in next(iter(result.failures.values()))
    assert result.run.status == "incomplete"


def test_an_instance_that_others_wrote(tmp_path: Path) -> None:
    with instance_of_others(posts=95) as url:
        result = collected_at(tmp_path, url, ASKED, platform="mastodon", posts=200)

    assert result.outcomes == {"collected": 2, "unknown": 1}
    assert (result.posts, result.shortfalls) == (95, [])
    assert len(set(landed(tmp_path, "posts").column("post_id").to_pylist())) == 95
