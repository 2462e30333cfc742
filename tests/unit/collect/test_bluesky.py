"""Collecting from a server whose parameters and answers are held against Bluesky's own models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.collected import collected, landed

from tribu.collect.runs import read_collections, read_runs


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    people = [Person(number, f"person{number}.test", posts=number % 7) for number in range(1, 61)]
    with BlueskyServer(people) as running:
        yield running
        assert running.violations == []


def names(server: BlueskyServer, count: int = 60) -> list[str]:
    return [one.handle for one in server.people[:count]]


def test_profiles_and_posts_land_and_the_counts_agree(server: BlueskyServer, tmp_path: Path) -> None:
    result = collected(tmp_path, server, names(server), slice_size=25)

    posts = sum(one.posts for one in server.people)
    assert (result.run.status, result.accounts, result.posts, result.slices) == ("complete", 60, posts, 3)
    assert result.shortfalls == []
    assert result.outcomes == {"collected": 60}
    # Three slices of 25, 25 and 10 profiles, and a feed of everybody who has posts.
    assert result.run.requests == len(server.log) == 3 + sum(one.posts > 0 for one in server.people)
    ledger = landed(tmp_path, "imports").to_pylist()
    assert {row["rows_read"] - row["rows_landed"] - row["rows_duplicate"] - row["rows_rejected"] for row in ledger} == {
        0
    }
    assert sum(row["rows_landed"] for row in ledger if row["table_name"] == "posts") == posts
    assert len(set(landed(tmp_path, "posts").column("post_id").to_pylist())) == posts


def test_values_land_as_text_with_the_whole_answer_in_extra(server: BlueskyServer, tmp_path: Path) -> None:
    server.people[0].extra = {
        "pronouns": "elle",
        "verification": {"verifications": [], "verifiedStatus": "valid", "trustedVerifierStatus": "none"},
    }
    collected(tmp_path, server, ["@Person1.test"])

    (account,) = landed(tmp_path, "accounts").to_pylist()
    (post,) = landed(tmp_path, "posts").to_pylist()
    assert account["account_id"] == server.people[0].did
    assert (account["handle"], account["followers"], account["posts"], account["is_verified"]) == (
        "person1.test",
        "100",
        "1",
        "true",
    )
    assert (account["source"], account["platform"]) == ("bluesky_api", "bluesky")
    assert (post["likes"], post["comments"], post["shares"]) == ("10", "1", "2")
    assert (post["caption"], post["hashtags"], post["language"]) == ("Soupe numéro 0 #soupe", "#cuisine", "fr")
    assert post["url"].startswith("https://bsky.app/profile/did:plc:")
    assert '"indexedAt"' in account["extra"]
    # Named as sensitive, so it does not land.
    assert "elle" not in account["extra"]


def test_each_kind_of_account_has_its_outcome(server: BlueskyServer, tmp_path: Path) -> None:
    server.people[1].gone = "AccountTakedown"
    server.people[2].gone = "AccountDeactivated"
    asked = ["person1.test", "person2.test", "person3.test", "nobody.test", server.people[0].did]
    result = collected(tmp_path, server, asked)

    assert result.outcomes == {"collected": 1, "suspended": 2, "unknown": 1, "duplicate": 1}
    assert result.run.status == "complete"
    (accounts,) = [row for row in landed(tmp_path, "imports").to_pylist() if row["table_name"] == "accounts"]
    assert (accounts["rows_read"], accounts["rows_landed"], accounts["rows_duplicate"], accounts["rows_rejected"]) == (
        5,
        1,
        1,
        3,
    )
    rejects = {row["raw_text"]: row["reason"] for row in landed(tmp_path, "rejects").to_pylist()}
    assert rejects == {
        "person2.test": "suspended account",
        "person3.test": "suspended account",
        "nobody.test": "unknown account",
    }


def test_a_renamed_account_is_found_by_the_id_it_was_last_seen_with(server: BlueskyServer, tmp_path: Path) -> None:
    collected(tmp_path, server, ["person1.test"])
    server.people[0].handle = "novel.test"
    result = collected(tmp_path, server, ["person1.test"])

    assert result.outcomes == {"renamed": 1}
    last = read_collections(tmp_path / "landing")[-1]
    assert (last["asked"], last["handle"], last["account_id"]) == ("person1.test", "novel.test", server.people[0].did)


def test_posts_are_bounded_and_those_of_others_left_out(server: BlueskyServer, tmp_path: Path) -> None:
    server.people = [Person(1, "many.test", posts=430, reposts=20), Person(2, "passes.on.test", posts=2, reposts=130)]
    result = collected(tmp_path, server, names(server), posts=250)

    assert result.posts == 252
    assert result.shortfalls == []
    assert result.run.status == "complete"


def test_a_shortfall_is_told_with_numbers(server: BlueskyServer, tmp_path: Path) -> None:
    server.people[3].stated = 1_200
    result = collected(tmp_path, server, names(server, 5), posts=0)

    assert result.shortfalls == ["person4.test: 4 of 1,200 posts came"]
    (row,) = landed(tmp_path, "collections").filter(pa.compute.field("asked") == "person4.test").to_pylist()
    assert (row["posts_stated"], row["posts_expected"], row["posts_received"]) == (1200, 1200, 4)


def test_observations_are_appended_run_by_run(server: BlueskyServer, tmp_path: Path) -> None:
    collected(tmp_path, server, ["person1.test"])
    server.people[0].followers = 150
    collected(tmp_path, server, ["person1.test"])

    assert sorted(landed(tmp_path, "accounts").column("followers").to_pylist()) == ["100", "150"]


def test_nothing_personal_lingers_beside_landing(server: BlueskyServer, tmp_path: Path) -> None:
    collected(tmp_path, server, names(server, 30), slice_size=10)

    (run,) = read_runs(tmp_path / "landing")
    assert run.remaining == ()
    others = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file()
        and path.relative_to(tmp_path / "landing").parts[0] not in ("accounts", "posts", "collections")
    ]
    assert not [path for path in others if b"person1" in path.read_bytes()]
    assert not (tmp_path / "landing" / ".collecting").exists()
    # Compression would hide a name from the search above.
    assert all("person1" not in str(pq.read_table(path).to_pylist()) for path in others if path.suffix == ".parquet")


def test_a_number_that_becomes_text_or_a_list_still_lands(server: BlueskyServer, tmp_path: Path) -> None:
    from tests.networks.server import Answer, Fault

    def changed(answer: Answer) -> Answer:
        first, second, third = answer.payload["profiles"]
        changes = [
            first | {"followersCount": "1.2K"},
            second | {"followersCount": [1]},
            third | {"displayName": {"en": "x"}},
        ]
        return Answer({"profiles": changes})

    server.faults.append(Fault("getProfiles", answer=changed))
    result = collected(tmp_path, server, names(server, 3))

    assert result.outcomes == {"collected": 3}
    rows = landed(tmp_path, "accounts").to_pylist()
    assert [row["followers"] for row in rows] == ["1.2K", "[1]", "100"]
    assert rows[2]["display_name"] == '{"en":"x"}'
