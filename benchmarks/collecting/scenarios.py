"""One run of each network, from a server that answers as it does: ordinary accounts, odd ones, and a few faults."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.collected import collected, collected_at, landed
from tests.networks.instagram import InstagramServer, Professional
from tests.networks.killing import SLICE, Stage, killed, three_slices
from tests.networks.mastodon import Account, MastodonServer
from tests.networks.others import ASKED as THEIRS
from tests.networks.others import instance_of_others
from tests.networks.server import Answer, Fault, NetworkServer
from tests.networks.tiktok import Creator, TikTokServer
from tests.networks.tokens import TOKENS
from tests.networks.x import User, XServer
from tests.networks.youtube import Channel, YouTubeServer

from tribu.collect.runs import Run, read_runs

ASKED: Final = 40
"""Accounts that each server is asked for; most have between none and eight posts, one has several pages."""

TIKTOK: Final = "marked-tiktok-token-0815"
ALL_TOKENS: Final = TOKENS | {
    f"TRIBU_TIKTOK_TOKEN_PERSON{number}": f"{TIKTOK}-{number}" for number in range(1, ASKED + 1)
}


@dataclass(frozen=True)
class Scenario:
    """A server, whom it is asked for, and what it is held against."""

    platform: str
    held_against: str
    server: NetworkServer
    asked: list[str]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Collected:
    """What one run asked, got and kept, counted in its server and in landing."""

    network: str
    held_against: str
    asked: int
    requests: int
    retries: int
    read: int
    landed: int
    duplicate: int
    rejected: int
    outcomes: Mapping[str, int]
    accounts_stating: int
    posts_stated: int
    posts_expected: int
    posts_received: int
    accounts_short: int
    shortfalls: tuple[str, ...]


@dataclass(frozen=True)
class Left:
    """What a killed run had kept, and what it took to finish it."""

    stage: str
    accounts: int
    posts: int
    missing: int
    requests_to_finish: int
    feeds_twice: int
    accounts_at_last: int
    posts_at_last: int
    rows_twice: int


def names(first: int = 1, last: int = ASKED) -> list[str]:
    """Handles that every network allows."""
    return [f"person{number}" for number in range(first, last + 1)]


def posts(number: int) -> int:
    """Posts of an account by its number: mostly few, several pages of one."""
    return 230 if number == 7 else number % 9


def faults(where: str, limit: Mapping[str, str]) -> tuple[Fault, ...]:
    """A limit that is lifted at once, an error of the server, and an answer that is cut off, one after the other."""
    return (
        Fault(where, after=3, answer=Answer({"error": "limit"}, 429, limit)),
        Fault(where, after=8, answer=Answer({"error": "server"}, 500)),
        Fault(where, after=13, cut=True),
    )


def scenarios() -> Iterator[Scenario]:
    """All of them; of each network two accounts do not exist or are not to be seen."""
    numbers = range(1, ASKED - 1)
    people = [Person(number, f"person{number}.test", posts=posts(number), reposts=number % 3) for number in numbers]
    people[4].stated, people[5].gone = 12, "AccountTakedown"
    yield Scenario(
        "bluesky",
        "atproto's models",
        BlueskyServer(people),
        [f"{name}.test" for name in names()],
        faults("getAuthorFeed", {"RateLimit-Reset": "1"}),
    )
    accounts = [Account(number, f"person{number}", posts=posts(number), boosts=number % 2) for number in numbers]
    accounts[5].suspended = True
    yield Scenario(
        "mastodon",
        "its documentation",
        MastodonServer(accounts),
        names(),
        faults("/statuses", {"X-RateLimit-Reset": "1"}),
    )
    yield Scenario(
        "youtube",
        "Google's discovery document",
        YouTubeServer([Channel(number, f"person{number}", videos=posts(number)) for number in numbers]),
        names(),
        faults("/playlistItems", {"Retry-After": "1"}),
    )
    yield Scenario(
        "instagram",
        "facebook-business's fields",
        InstagramServer([Professional(number, f"person{number}", media=posts(number)) for number in numbers]),
        names(),
        faults("media.limit", {"Retry-After": "1"}),
    )
    users = [User(number, f"person{number}", posts=posts(number), reposts=number % 3) for number in numbers]
    users[4].protected, users[5].suspended = True, True
    yield Scenario("x", "xdk's models", XServer(users), names(), faults("/tweets", {"x-rate-limit-reset": "1"}))
    creators = [Creator(f"person{number}", f"{TIKTOK}-{number}", videos=posts(number)) for number in numbers]
    yield Scenario(
        "tiktok",
        "its documentation",
        TikTokServer(creators),
        # Whoever has not consented has no token that could be sent: they cannot be asked for.
        names(last=ASKED - 2),
        faults("/video/list/", {"Retry-After": "1"}),
    )


@contextmanager
def tokens() -> Iterator[None]:
    """Tokens of nobody in the environment, for as long as the runs take."""
    before = {name: os.environ.get(name) for name in ALL_TOKENS}
    os.environ.update(ALL_TOKENS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def run_scenario(scenario: Scenario, folder: Path) -> Collected:
    """Collect from the server, and count."""
    with tokens(), scenario.server as server:
        server.faults.extend(scenario.faults)
        result = collected(folder, server, scenario.asked, platform=scenario.platform, posts=0)
        assert server.violations == []
        assert result.run.requests == len(server.log), "a request that nobody counted"
    return _counted(scenario.platform, scenario.held_against, folder, result.run, result.shortfalls)


def run_third_party(folder: Path) -> Collected:
    """Collect from ``mastodon_mock``, a Mastodon instance that others wrote."""
    with instance_of_others(posts=95) as url:
        result = collected_at(folder, url, THEIRS, platform="mastodon", posts=0)
    return _counted("mastodon", "mastodon_mock, by others", folder, result.run, result.shortfalls)


def _counted(network: str, held_against: str, folder: Path, run: Run, shortfalls: list[str]) -> Collected:
    ledger = landed(folder, "imports").to_pylist()
    rows = landed(folder, "collections").to_pylist()
    stating = [row for row in rows if row["posts_expected"] is not None]

    def total(name: str) -> int:
        return sum(row[name] for row in ledger)

    return Collected(
        network,
        held_against,
        run.accounts_asked,
        run.requests,
        run.retries,
        total("rows_read"),
        total("rows_landed"),
        total("rows_duplicate"),
        total("rows_rejected"),
        dict(sorted(Counter(row["outcome"] for row in rows).items())),
        len(stating),
        sum(row["posts_stated"] for row in stating),
        sum(row["posts_expected"] for row in stating),
        sum(row["posts_received"] for row in stating),
        len(shortfalls),
        tuple(shortfalls),
    )


def run_killed(stage: Stage, folder: Path) -> Left:
    """Kill a run in its second slice, look at what is left, and go on."""
    with three_slices() as server:
        killed(folder, server, stage)
        (run,) = read_runs(folder / "landing")
        accounts, kept = landed(folder, "accounts").num_rows, landed(folder, "posts").num_rows
        before = len(server.log)
        result = collected(folder, server, [], slice_size=SLICE, resume=True)
        assert result.run.status == "complete"
        assert server.violations == []
        feeds = Counter(asked.one("actor") for asked in server.log if asked.path.endswith("getAuthorFeed"))
        handles = landed(folder, "accounts").column("handle").to_pylist()
        keys = landed(folder, "posts").column("post_id").to_pylist()
        return Left(
            stage.name,
            accounts,
            kept,
            run.missing,
            len(server.log) - before,
            sum(count - 1 for count in feeds.values()),
            len(handles),
            len(keys),
            len(handles) - len(set(handles)) + len(keys) - len(set(keys)),
        )
