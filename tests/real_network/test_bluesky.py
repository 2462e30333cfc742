"""A real Bluesky network on this machine: what was written there is collected, built and found again, to the last post and count."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from atproto_client import models
from tests.conftest import Build, run_dbt, run_tribu
from tests.networks.bluesky import BlueskyServer
from tests.networks.bluesky import Person as SmallPerson
from tests.networks.collected import landed
from tests.real_network.people import Person, Post, World
from tests.real_network.running import Network

PEOPLE = 60
VARS = json.dumps({"pictures": [], "algorithms": ["kmeans"]})


@dataclass(frozen=True)
class Day:
    """One collection and the build on it, beside the people as they were written then."""

    people: list[Person]
    counts: dict[str, Any]
    build: Build
    asked: list[str]


@contextmanager
def timed(figures: dict[str, float], name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    figures[f"seconds to {name}"] = time.monotonic() - began


def seed(world: World) -> None:
    """Everybody with as many followers as there are people before them, posts of each kind, and what others did with those."""
    now = datetime.now(UTC)
    for number in range(1, PEOPLE + 1):
        person = Person(f"person{number:02}.test", f"Person {number} <b>", f"Soupe & pain, n° {number}")
        world.join(person)
        posts = [
            Post(
                f"Soupe {index} de n° {number} 🍲 #soupe\nbonne",
                now - timedelta(hours=9 * index + number / 10 + 1),
                "fr" if index % 3 else "en",
                tags=("cuisine",) if index % 2 else (),
                pictures=(0, 1, 2)[index] if number % 20 == 1 and index < 3 else 0,
            )
            for index in range(3 + number % 9)
        ]
        world.write(person, *posts)
    # More than two pages of posts.
    world.write(
        world.people[-1],
        *(Post(f"Page {index}", now - timedelta(days=20, minutes=index), "fr") for index in range(230)),
    )
    for number, person in enumerate(world.people):
        world.follow(person, *world.people[number + 1 :])
        neighbour = world.people[number - 1]
        world.like(person, *(other.posts[0] for other in world.people[: number % 13]), neighbour.posts[1])
        world.repost(person, *(other.posts[1] for other in world.people[: number % 4]))
        answer = Post(f"Merci de {person.handle}", now - timedelta(minutes=number), "fr", answers=neighbour.posts[2])
        world.write(person, answer)


def change(world: World) -> None:
    """What happens until they are seen again: more of everything, something less, and three accounts that are not what they were."""
    first, second, third, fourth, fifth, *_, last = world.people
    world.follow(last, *world.people[:10])
    world.unfollow(first, second)
    world.write(first, Post("Encore de la soupe", datetime.now(UTC), "fr"))
    # Of those who had liked nobody's latest.
    world.like(world.people[13], first.posts[0], first.posts[-1])
    world.withdraw(third, third.posts[0])
    world.rename(fourth, "quatrieme.test")
    world.leave(fifth)


@pytest.fixture(scope="module")
def world(network: Network, figures: dict[str, float]) -> World:
    world = World(network.pds)
    with timed(figures, "write"):
        seed(world)
    with timed(figures, "index"):
        network.settle()
    figures["accounts"], figures["posts"] = len(world.people), len(world.posts)
    figures["follows"] = sum(one.followers for one in world.people)
    figures["likes, replies and reposts"] = sum(one.likes + one.replies + one.reposts for one in world.posts)
    return world


@pytest.fixture(scope="module")
def first(world: World, network: Network, figures: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Day:
    folder = tmp_path_factory.mktemp("first")
    asked = [one.handle for one in world.people]
    return observed(world, network, figures, folder, [*asked, "nobody.test"], "first")


@pytest.fixture(scope="module")
def second(
    first: Day, world: World, network: Network, figures: dict[str, float], tmp_path_factory: pytest.TempPathFactory
) -> Day:
    folder = tmp_path_factory.mktemp("second")
    shutil.copytree(first.build.landing, folder / "landing")
    change(world)
    network.settle()
    return observed(world, network, figures, folder, first.asked, "second")


def observed(
    world: World, network: Network, figures: dict[str, float], folder: Path, asked: list[str], name: str
) -> Day:
    handles = folder / "handles.txt"
    handles.write_text("\n".join(asked), encoding="utf-8")
    with timed(figures, f"collect, {name} time"):
        done = run_tribu(
            folder, "collect", "bluesky", "--handles", str(handles), "--posts", "0", "--url", network.appview, "--json"
        )
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    figures[f"requests, {name} time"] = counts["requests"]
    with timed(figures, f"build, {name} time"):
        build = run_dbt(folder, "build", "--vars", VARS)
    assert build.exit_code == 0, build.log
    return Day(deepcopy(world.people), counts, build, asked)


def test_everybody_is_collected_with_every_post_that_the_profile_states(first: Day) -> None:
    posts = sum(len(one.posts) for one in first.people)

    assert first.counts["outcomes"] == {"collected": PEOPLE, "unknown": 1}
    assert (first.counts["profiles_landed"], first.counts["posts_landed"]) == (PEOPLE, posts)
    assert (first.counts["shortfalls"], first.counts["failures"], first.counts["retries"]) == ([], {}, 0)
    stated = landed(first.build.folder, "collections").to_pylist()
    assert {row["handle"]: row["posts_stated"] for row in stated if row["handle"]} == {
        one.handle: len(one.posts) for one in first.people
    }
    # Profiles 25 at a time, nobody asked for again alone; feeds 100 a page, with what each has passed on.
    feeds = sum(1 + (len(one.posts) > 100) + (len(one.posts) > 200) for one in first.people)
    assert first.counts["requests"] == 3 + 1 + feeds


def test_every_post_is_in_the_marts_as_it_was_written(first: Day) -> None:
    rows = first.build.rows(
        "select dim_influencers.account_id, fct_posts.post_id, fct_posts.caption, fct_posts.language, "
        "fct_posts.media_type, epoch_ms(fct_posts.posted_at), fct_posts.likes_count, fct_posts.comments_count, "
        "fct_posts.shares_count from marts.fct_posts inner join marts.dim_influencers using (influencer_key)"
    )

    assert Counter(rows) == Counter(as_written(one, post) for one in first.people for post in one.posts)
    assert {row[4] for row in rows} == {"text", "image", "carousel"}


def as_written(person: Person, post: Post) -> tuple[object, ...]:
    return (
        person.did,
        post.uri,
        post.text,
        post.language,
        {0: "text", 1: "image"}.get(post.pictures, "carousel"),
        int(post.at.timestamp() * 1000),
        post.likes,
        post.replies,
        post.reposts,
    )


def test_every_account_has_its_numbers(first: Day) -> None:
    rows = first.build.rows(
        "select account_id, handle, display_name, bio, followers_count, following_count, posts_count, known_posts_count "
        "from marts.dim_influencers order by handle"
    )

    assert rows == [
        (one.did, one.handle, one.display_name, one.bio, one.followers, one.following, len(one.posts), len(one.posts))
        for one in first.people
    ]
    assert [row[4] for row in rows] == list(range(PEOPLE))


def test_tags_are_those_of_the_text_and_those_beside_it(first: Day) -> None:
    tags = dict(first.build.rows("select post_id, array_to_string(hashtags, ' ') from marts.fct_posts"))

    for post in (post for one in first.people for post in one.posts):
        expected = {*post.tags, *(["soupe"] if "#soupe" in post.text else [])}
        assert set((tags[post.uri] or "").split()) == expected, post.text


def test_a_second_time_adds_observations_and_no_duplicates(first: Day, second: Day) -> None:
    assert second.counts["outcomes"] == {"collected": PEOPLE - 2, "renamed": 1, "suspended": 1, "unknown": 1}
    assert second.counts["shortfalls"] == []
    value = second.build.value
    assert value("select count(*) from marts.fct_account_observations") == 2 * PEOPLE - 1
    assert value("select count(*) from marts.dim_influencers") == PEOPLE
    posts = [row[0] for row in second.build.rows("select post_id from marts.fct_posts")]
    assert Counter(posts) == Counter({post.uri for day in (first, second) for one in day.people for post in one.posts})
    assert value("select count(distinct platform || post_id) from marts.fct_posts") == len(posts)


def test_numbers_are_those_of_the_second_time(first: Day, second: Day) -> None:
    numbers = second.build.rows(
        "select account_id, handle, followers_count, following_count, posts_count from marts.fct_account_observations "
        "qualify observed_at = max(observed_at) over (partition by account_id)"
    )
    left = first.people[4]
    assert Counter(numbers) == Counter(
        (one.did, one.handle, one.followers, one.following, len(one.posts))
        for one in [*(one for one in second.people if one.did != left.did), left]
    )
    # A post that was deleted in between is still known: deleting it here too is up to who collects.
    deleted = first.people[2].posts[0].uri
    assert deleted not in {post.uri for one in second.people for post in one.posts}
    counts = dict(second.build.rows("select account_id, posts_count from marts.dim_influencers"))
    assert counts[second.people[2].did] == len(first.people[2].posts) == len(second.people[2].posts) + 1
    grown = second.build.rows(
        "select list(followers_count order by observed_at) from marts.fct_account_observations "
        f"where account_id = '{second.people[0].did}'"
    )
    assert grown == [([0, 1],)]
    likes = dict(second.build.rows("select post_id, likes_count from marts.fct_posts"))
    posts = second.people[0].posts
    assert [likes[posts[0].uri], likes[posts[-1].uri]] == [posts[0].likes, posts[-1].likes]
    assert posts[0].likes > first.people[0].posts[0].likes


def test_the_small_server_of_the_tests_answers_as_the_real_one(network: Network, first: Day, second: Day) -> None:
    def real(path: str, **params: Any) -> requests.Response:
        return requests.get(f"{network.appview}/xrpc/{path}", params=params, timeout=30)

    with BlueskyServer(
        [SmallPerson(1, "person01.test", posts=3), SmallPerson(2, "gone.test", gone="AccountDeactivated")]
    ) as small:

        def made(path: str, **params: Any) -> requests.Response:
            return requests.get(f"{small.url}/xrpc/{path}", params=params, timeout=30)

        profile, feed = "app.bsky.actor.getProfile", "app.bsky.feed.getAuthorFeed"
        assert keys(made(profile, actor="person01.test").json()) <= keys(real(profile, actor="person01.test").json())
        posts = {"limit": 100, "filter": "posts_with_replies"}
        theirs, ours = real(feed, actor="person60.test", **posts), made(feed, actor="person01.test", **posts)
        models.AppBskyFeedGetAuthorFeed.Response.model_validate(theirs.json())
        assert keys(ours.json()["feed"][0]) <= set().union(*(keys(item) for item in theirs.json()["feed"]))
        for mine, other in (("nobody.test", "nobody.test"), ("gone.test", "person05.test")):
            refused, truly = made(profile, actor=mine), real(profile, actor=other)
            assert (refused.status_code, refused.json()["error"]) == (truly.status_code, truly.json()["error"])


def keys(answer: Any, place: str = "") -> set[str]:
    """Every place in an answer, lists without their numbers."""
    if isinstance(answer, dict):
        return {f"{place}.{key}" for key in answer} | set().union(
            *(keys(value, f"{place}.{key}") for key, value in answer.items())
        )
    return set().union(*(keys(value, f"{place}[]") for value in answer)) if isinstance(answer, list) else set()
