"""What can go wrong with the pages of each network, whose paginators all differ: nothing is lost without a word, nothing goes on for ever."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.collected import collected, landed
from tests.networks.instagram import InstagramServer, Professional
from tests.networks.mastodon import Account, MastodonServer
from tests.networks.server import Answer, Fault, NetworkServer
from tests.networks.tiktok import Creator, TikTokServer
from tests.networks.tokens import CREATORS, TOKENS
from tests.networks.x import User, XServer
from tests.networks.youtube import Channel, YouTubeServer

POSTS = 230


@dataclass(frozen=True)
class Case:
    """A network whose one account has several pages; how a page is emptied, and where its cursor stands."""

    platform: str
    server: Callable[[], NetworkServer]
    asked: str
    where: str
    items: tuple[str, ...]
    cursor: tuple[str, ...]


CASES = [
    Case(
        "bluesky",
        lambda: BlueskyServer([Person(1, "ana.test", posts=POSTS)]),
        "ana.test",
        "getAuthorFeed",
        ("feed",),
        ("cursor",),
    ),
    Case(
        "youtube",
        lambda: YouTubeServer([Channel(1, "ana", videos=POSTS)]),
        "ana",
        "/playlistItems",
        ("items",),
        ("nextPageToken",),
    ),
    Case(
        "instagram",
        lambda: InstagramServer([Professional(1, "ana", media=POSTS)]),
        "ana",
        "media.limit",
        ("business_discovery", "media", "data"),
        ("business_discovery", "media", "paging", "cursors", "after"),
    ),
    Case("x", lambda: XServer([User(1, "ana", posts=POSTS)]), "ana", "/tweets", ("data",), ("meta", "next_token")),
    Case(
        "tiktok",
        lambda: TikTokServer([Creator("ana", CREATORS["ana"], videos=POSTS)]),
        "ana",
        "/video/list/",
        ("data", "videos"),
        ("data", "cursor"),
    ),
]
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.platform)


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, token in TOKENS.items():
        monkeypatch.setenv(variable, token)


def put(answer: Answer, place: tuple[str, ...], value: Any) -> Answer:
    """The answer with another value at a place."""
    payload = deepcopy(answer.payload)
    *path, last = place
    inner = payload
    for key in path:
        inner = inner[key]
    inner[last] = value
    return Answer(payload, answer.status, answer.headers)


def at(answer: Answer, place: tuple[str, ...]) -> Any:
    value = answer.payload
    for key in place:
        value = value[key]
    return value


@EACH
def test_a_cursor_that_comes_back_fails_the_account(case: Case, tmp_path: Path) -> None:
    seen: list[Any] = []

    def again(answer: Answer) -> Answer:
        seen.append(at(answer, case.cursor))
        return put(answer, case.cursor, seen[0])

    with case.server() as server:
        server.faults.append(Fault(case.where, times=99, answer=again))
        result = collected(tmp_path, server, [case.asked], platform=case.platform, posts=0)

    assert list(result.failures.values()) == ["the network gives a cursor that it has given before"]
    assert (result.run.status, result.posts) == ("incomplete", 0)


@EACH
def test_an_empty_page_in_the_middle_is_not_the_end(case: Case, tmp_path: Path) -> None:
    with case.server() as server:
        # The second page; what would have stood on it does not come, which is told, and what follows does.
        server.faults.append(Fault(case.where, after=1, answer=lambda answer: put(answer, case.items, [])))
        result = collected(tmp_path, server, [case.asked], platform=case.platform, posts=0)

    page = {"bluesky": 100, "x": 100, "tiktok": 20}.get(case.platform, 50)
    assert (result.run.status, result.posts) == ("complete", POSTS - page)
    assert [line.partition(": ")[2] for line in result.shortfalls] == [f"{POSTS - page} of {POSTS} posts came"]


@EACH
@pytest.mark.parametrize("value", [7, {"id": "x"}, "a)b{c", ["x"]], ids=["number", "object", "brackets", "list"])
def test_a_cursor_of_another_kind_loses_nothing_without_a_word(case: Case, value: Any, tmp_path: Path) -> None:
    with case.server() as server:
        server.faults.append(Fault(case.where, answer=lambda answer: put(answer, case.cursor, value)))
        result = collected(tmp_path, server, [case.asked], platform=case.platform, posts=0)

    # Whether it can be sent back is for each network to say: then the account fails, or all of it came.
    assert result.failures or result.shortfalls or result.posts == POSTS


@EACH
def test_a_list_that_becomes_something_else_invents_no_post(case: Case, tmp_path: Path) -> None:
    with case.server() as server:
        server.faults.append(Fault(case.where, times=99, answer=lambda answer: put(answer, case.items, "none")))
        result = collected(tmp_path, server, [case.asked], platform=case.platform, posts=0)

    assert result.posts == 0
    assert result.failures or result.shortfalls


@EACH
def test_a_fault_between_pages_costs_a_retry(case: Case, tmp_path: Path) -> None:
    with case.server() as server:
        server.faults.append(Fault(case.where, after=1, answer=Answer({"error": "x"}, 500)))
        server.faults.append(Fault(case.where, after=2, cut=True))
        result = collected(tmp_path, server, [case.asked], platform=case.platform, posts=0)

    assert (result.run.status, result.posts, result.run.retries) == ("complete", POSTS, 2)
    posts = landed(tmp_path, "posts").column("post_id").to_pylist()
    assert len(posts) == len(set(posts)) == POSTS


def test_a_link_that_comes_back_fails_the_account(tmp_path: Path) -> None:
    with MastodonServer([Account(1, "ana", posts=POSTS)]) as server:
        link = f'<{server.url}/api/v1/accounts/{server.accounts[0].id}/statuses?limit=40&max_id=191>; rel="next"'
        server.faults.append(
            Fault("/statuses", times=99, answer=lambda answer: Answer(answer.payload, headers={"Link": link}))
        )
        result = collected(tmp_path, server, ["ana"], platform="mastodon", posts=0)

    assert list(result.failures.values()) == ["the network gives a cursor that it has given before"]
