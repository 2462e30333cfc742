"""What goes wrong between here and a network, and what becomes of the run: from a real server, over real connections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.collected import IMPATIENT, collected, landed
from tests.networks.server import Answer, Fault

from tribu.collect.transport import seconds_until_reset

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[BlueskyServer]:
    with BlueskyServer([Person(number, f"person{number}.test", posts=3) for number in range(1, 9)]) as running:
        yield running
        assert running.violations == []


def names(server: BlueskyServer, count: int = 8) -> list[str]:
    return [one.handle for one in server.people[:count]]


def in_two_seconds(style: str) -> str:
    moment = datetime.now(UTC) + timedelta(seconds=2)
    return {
        "seconds": "2",
        "date": format_datetime(moment, usegmt=True),
        "epoch": str(int(moment.timestamp()) + 1),
        "iso": moment.isoformat().replace("+00:00", "Z"),
    }[style]


@pytest.mark.parametrize(
    ("header", "style"),
    [
        ("Retry-After", "seconds"),
        ("Retry-After", "date"),
        ("RateLimit-Reset", "epoch"),
        ("ratelimit-reset", "seconds"),
        ("X-RateLimit-Reset", "iso"),
        ("x-rate-limit-reset", "epoch"),
    ],
)
def test_a_limit_is_waited_for_in_each_style_of_header(
    header: str, style: str, server: BlueskyServer, tmp_path: Path
) -> None:
    limited = Answer({"error": "RateLimitExceeded"}, 429, {header: in_two_seconds(style)})
    server.faults.append(Fault("getAuthorFeed", after=1, answer=limited))
    result = collected(tmp_path, server, names(server, 3))

    assert (result.run.status, result.posts) == ("complete", 9)
    assert (result.run.requests, result.run.retries) == (5, 1)
    refused, again = [asked.at for asked in server.log if asked.path.endswith("Feed")][1:3]
    assert again - refused >= 0.9


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit-reset": "1795435260"}, 60.0),
        ({"ratelimit-reset": "40"}, 40.0),
        ({"x-ratelimit-reset": "2026-11-23T12:05:00.000000Z"}, 300.0),
        ({"x-ratelimit-reset": "2026-11-23T13:05:00+01:00"}, 300.0),
        ({"x-rate-limit-reset": "1795435199"}, 0.0),
        ({"x-rate-limit-reset": "soon"}, None),
        ({"x-rate-limit-reset": "nan"}, None),
        ({}, None),
    ],
)
def test_reset_headers_are_read_as_each_network_writes_them(headers: dict[str, str], seconds: float | None) -> None:
    assert NOW.timestamp() == 1795435200
    assert seconds_until_reset(headers, NOW) == seconds


def test_a_limit_that_is_lifted_too_late_stops_the_run_and_keeps_what_came(
    server: BlueskyServer, tmp_path: Path
) -> None:
    server.faults.append(Fault("getAuthorFeed", after=4, answer=Answer({}, 429, {"Retry-After": "7200"})))
    result = collected(tmp_path, server, names(server))

    assert (result.run.status, result.accounts, result.posts) == ("incomplete", 4, 12)
    assert result.run.reason == "the rate limit is reached and lifted in 2.0 h"
    assert result.run.remaining == tuple(names(server)[4:])
    # The one that was refused, and nothing after it.
    assert len(server.log) == 1 + 5


def test_a_limit_without_any_header_stops_the_run_after_some_attempts(server: BlueskyServer, tmp_path: Path) -> None:
    server.faults.append(Fault("getAuthorFeed", after=1, times=99, answer=Answer({}, 429)))
    result = collected(tmp_path, server, names(server))

    assert (result.run.status, result.accounts) == ("incomplete", 1)
    assert result.run.retries == IMPATIENT.attempts - 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(answer=Answer({"error": "InternalServerError"}, 500)),
        Fault(answer=Answer(b"<html>bad gateway</html>", 502)),
        Fault(answer=Answer(b'{"feed": [', 200)),
        Fault(answer=Answer(b"", 200)),
        Fault(answer=Answer(b"<html>sign in</html>", 200)),
        Fault(cut=True),
        Fault(reset=True),
        Fault(seconds=6.0),
    ],
    ids=["500", "502", "invalid JSON", "empty", "a page", "cut off", "reset", "slow"],
)
@pytest.mark.parametrize("where", ["getProfiles", "getAuthorFeed"])
def test_a_passing_fault_costs_a_retry_and_nothing_else(
    fault: Fault, where: str, server: BlueskyServer, tmp_path: Path
) -> None:
    server.faults.append(Fault(where, answer=fault.answer, cut=fault.cut, reset=fault.reset, seconds=fault.seconds))
    result = collected(tmp_path, server, names(server, 2))

    assert (result.run.status, result.accounts, result.posts) == ("complete", 2, 6)
    assert (result.run.requests, result.run.retries) == (4, 1)


def test_the_rest_of_an_answer_that_was_given_up_is_not_read_as_another(server: BlueskyServer, tmp_path: Path) -> None:
    forged = b'{"profiles": [{"did": "did:plc:forged", "handle": "person1.test", "postsCount": 0}]}'
    hidden = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(forged),
        forged,
    )
    # Slow until it is given up; what follows comes at once, on the same connection, when the next request goes out.
    server.faults.append(Fault("getProfiles", answer=Answer(b" " * 5 + hidden), seconds=3.0, slow_bytes=5))
    result = collected(tmp_path, server, names(server, 1))

    assert landed(tmp_path, "accounts").column("account_id").to_pylist() == [server.people[0].did]
    assert (result.run.requests, result.run.retries) == (3, 1)


@pytest.mark.parametrize(
    ("fault", "said"), [(Fault(seconds=30.0), "takes longer than 2 seconds"), (Fault(cut=True), "cut off")]
)
def test_why_there_is_no_whole_answer_is_told(fault: Fault, said: str, server: BlueskyServer, tmp_path: Path) -> None:
    server.faults.append(Fault("", times=9, cut=fault.cut, seconds=fault.seconds))
    result = collected(tmp_path, server, names(server, 1), patience=replace(IMPATIENT, attempts=1))

    assert said in result.failures["person1.test"]


@pytest.mark.parametrize("answer", [Answer({}, 500), Answer(b"{", 200), Answer({"error": "x"}, 302)])
def test_one_account_that_always_fails_does_not_keep_the_others(
    answer: Answer, server: BlueskyServer, tmp_path: Path
) -> None:
    fault = Fault(f"actor={server.people[2].did}", times=99, answer=answer)
    server.faults.append(fault)
    result = collected(tmp_path, server, names(server))

    assert (result.run.status, result.accounts, result.posts) == ("incomplete", 7, 21)
    assert list(result.failures) == ["person3.test"]
    assert (result.run.missing, result.run.accounts_failed, result.run.reason) == (1, 1, "1 account failed")
    # Neither its profile nor a part of its posts.
    assert "person3.test" not in landed(tmp_path, "accounts").column("handle").to_pylist()

    fault.times = 0
    again = collected(tmp_path, server, [], resume=True)
    assert (again.run.status, again.accounts, again.posts) == ("complete", 1, 3)


def test_a_profile_that_spoils_the_answer_for_all_costs_only_itself(server: BlueskyServer, tmp_path: Path) -> None:
    server.faults.append(Fault("person5.test", times=99, answer=Answer({}, 500)))
    result = collected(tmp_path, server, names(server))

    assert result.accounts == 7
    assert list(result.failures) == ["person5.test"]


def test_a_server_that_is_down_stops_the_run(server: BlueskyServer, tmp_path: Path) -> None:
    server.faults.append(Fault("", after=6, times=999, answer=Answer({}, 503)))
    result = collected(tmp_path, server, names(server))

    assert (result.run.status, result.accounts) == ("incomplete", 5)
    assert "3 accounts failed one after the other" in str(result.run.reason)
    assert result.run.missing == 3


def test_nobody_listens(server: BlueskyServer, tmp_path: Path) -> None:
    with BlueskyServer() as closed:
        pass
    result = collected(tmp_path, closed, names(server))

    assert (result.run.status, result.run.missing) == ("incomplete", 8)
    assert not (tmp_path / "landing" / "accounts").exists()


def feed(change: dict[str, Any]) -> Any:
    return lambda answer: Answer(answer.payload | change)


def test_a_cursor_that_comes_back_is_a_fault_and_no_endless_loop(server: BlueskyServer, tmp_path: Path) -> None:
    server.people[0].posts = 500
    server.faults.append(Fault(f"actor={server.people[0].did}", times=99, answer=feed({"cursor": "100"})))
    result = collected(tmp_path, server, names(server, 2), posts=0)

    assert result.failures == {"person1.test": "the network gives a cursor that it has given before"}
    assert result.posts == 3


def test_pages_without_end_are_a_fault(server: BlueskyServer, tmp_path: Path) -> None:
    numbers = iter(range(1_000, 10_000))
    server.people[0].stated = 300

    def endless(answer: Answer) -> Answer:
        return Answer({"feed": [], "cursor": str(next(numbers))})

    server.faults.append(Fault(f"actor={server.people[0].did}", times=9_999, answer=endless))
    result = collected(tmp_path, server, names(server, 2))

    assert "no end" in result.failures["person1.test"]
    assert len(server.log) < 80


def test_an_empty_page_in_the_middle_is_not_the_end(server: BlueskyServer, tmp_path: Path) -> None:
    server.people[0].posts = 150
    server.faults.append(Fault("cursor=100", answer=Answer({"feed": [], "cursor": "100.5"})))
    server.faults.append(Fault("cursor=100.5", answer=Answer({"feed": server_items(server, 100, 150)})))
    result = collected(tmp_path, server, names(server, 1))

    assert (result.posts, result.shortfalls) == (150, [])


def server_items(server: BlueskyServer, first: int, last: int) -> list[dict[str, Any]]:
    return [server.item(server.people[0], index) for index in range(first, last)]


def test_a_page_that_comes_twice_lands_its_posts_once(server: BlueskyServer, tmp_path: Path) -> None:
    server.people[0].posts = 250
    # A new post at the top pushes the last ones of a page onto the next.
    server.faults.append(
        Fault("cursor=100", answer=lambda _: Answer({"feed": server_items(server, 97, 197), "cursor": "200"}))
    )
    result = collected(tmp_path, server, names(server, 1), posts=0)

    posts = landed(tmp_path, "posts").column("post_id").to_pylist()
    assert len(posts) == len(set(posts)) == result.posts
    (ledger,) = [row for row in landed(tmp_path, "imports").to_pylist() if row["table_name"] == "posts"]
    assert (ledger["rows_read"], ledger["rows_landed"], ledger["rows_duplicate"]) == (250, 247, 3)


@pytest.mark.parametrize(
    "payload", [[], {}, {"profiles": None}, {"profiles": [None, 7, "x"]}, {"profiles": [{"did": "did:plc:x"}]}, 7, "x"]
)
def test_answers_of_another_shape_invent_nobody(payload: Any, server: BlueskyServer, tmp_path: Path) -> None:
    server.faults.append(Fault("getProfile", times=99, answer=Answer(payload)))
    result = collected(tmp_path, server, names(server, 1))

    assert result.accounts == 0
    assert result.run.status == "incomplete"
    assert "no id or no handle" in result.failures["person1.test"]


def test_half_a_character_lands_as_a_mark(server: BlueskyServer, tmp_path: Path) -> None:
    server.faults.append(
        Fault(
            "getProfiles",
            answer=lambda _: Answer(
                b'{"profiles": [{"did": "%s", "handle": "person1.test", "displayName": "a\\ud83d", "postsCount": 0}]}'
                % server.people[0].did.encode()
            ),
        )
    )
    collected(tmp_path, server, names(server, 1))

    assert landed(tmp_path, "accounts").column("display_name").to_pylist() == ["a?"]
