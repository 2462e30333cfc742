"""The servers of the tests are as strict as the networks: they refuse what those refuse, and never answer as those would not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from tests.networks import instagram, x, youtube
from tests.networks.bluesky import BlueskyServer, Person
from tests.networks.instagram import InstagramServer, Professional
from tests.networks.mastodon import MastodonServer
from tests.networks.server import NetworkServer
from tests.networks.tiktok import TikTokServer
from tests.networks.x import User, XServer
from tests.networks.youtube import Channel, YouTubeServer

KEY = {"X-Goog-Api-Key": youtube.KEY}
META = {"Authorization": f"Bearer {instagram.TOKEN}"}
X = {"Authorization": f"Bearer {x.TOKEN}"}


def discovery(inner: str) -> dict[str, str]:
    return {"fields": f"business_discovery.username(ana){{{inner}}}"}


def youtube_server() -> YouTubeServer:
    return YouTubeServer([Channel(1, "ana")])


def instagram_server() -> InstagramServer:
    return InstagramServer([Professional(1, "ana")])


@pytest.mark.parametrize(
    ("made", "path", "params", "headers"),
    [
        (BlueskyServer, "/xrpc/app.bsky.actor.getProfile", {"actor": "a.test", "limit": "5"}, {}),
        (BlueskyServer, "/xrpc/app.bsky.feed.getAuthorFeed", {"actor": "a.test", "limit": "101"}, {}),
        (BlueskyServer, "/xrpc/app.bsky.actor.getProfiles", {"actors": [f"a{n}.test" for n in range(26)]}, {}),
        (MastodonServer, "/api/v1/accounts/lookup", {"acct": "ana", "resolve": "true"}, {}),
        (youtube_server, "/channels", {"part": "snippet", "forHandle": "@ana", "key": youtube.KEY}, KEY),
        (youtube_server, "/channels", {"part": "statistic", "forHandle": "@ana"}, KEY),
        (youtube_server, "/channels", {"part": "snippet", "forHandle": "@ana", "maxResults": "51"}, KEY),
        (youtube_server, "/videos", {"id": "v1-1"}, KEY),
        (instagram_server, f"/{instagram.USER_ID}", discovery("id") | {"access_token": instagram.TOKEN}, META),
        (instagram_server, f"/{instagram.USER_ID}", discovery("id,is_verified"), META),
        # There is such a field, and it is no value.
        (instagram_server, f"/{instagram.USER_ID}", discovery("id,owner_business"), META),
        (instagram_server, f"/{instagram.USER_ID}", discovery("media.limit(9){id,plays}"), META),
        (instagram_server, f"/{instagram.USER_ID}", discovery("media.limit(9){owner}"), META),
        (XServer, "/2/users/by", {"usernames": "ana", "expansions": "pinned_tweet_id"}, X),
        (XServer, "/2/users/by", {"usernames": "ana", "user.fields": "id,email"}, X),
        (TikTokServer, "/v2/user/info/", {"fields": "open_id,email"}, {}),
    ],
)
def test_what_a_network_would_not_take_is_refused(
    made: Callable[[], NetworkServer], path: str, params: dict[str, Any], headers: dict[str, str]
) -> None:
    with made() as server:
        refused = requests.get(server.url + path, params=params, headers=headers, timeout=10)
        assert refused.status_code in (400, 422)
        assert len(server.violations) == 1


def bluesky_without_handle() -> NetworkServer:
    return BlueskyServer([Person(1, "ana.test", extra={"handle": 7})])


def youtube_with_number() -> NetworkServer:
    # The document says that counts are text.
    return _changed(YouTubeServer([Channel(1, "ana")]), "_channel", lambda one: one | {"statistics": {"viewCount": 5}})


def youtube_with_more() -> NetworkServer:
    return _changed(YouTubeServer([Channel(1, "ana")]), "_channel", lambda one: one | {"subscribers": "5"})


def instagram_with_text() -> NetworkServer:
    return _changed(instagram_server(), "_profile", lambda one: one | {"followers_count": "500"})


def x_with_number() -> NetworkServer:
    return _changed(XServer([User(1, "ana")]), "_user", lambda one: one | {"id": 14})


def x_with_more() -> NetworkServer:
    return _changed(XServer([User(1, "ana")]), "_user", lambda one: one | {"public_metrics": {"posts_count": 3}})


def bluesky_with_more() -> NetworkServer:
    return BlueskyServer([Person(1, "ana.test", extra={"followers": 7})])


def _changed(server: Any, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> NetworkServer:
    true = getattr(server, name)
    setattr(server, name, lambda *given: change(true(*given)))
    return server


@pytest.mark.parametrize(
    ("made", "path", "params", "headers"),
    [
        (bluesky_without_handle, "/xrpc/app.bsky.actor.getProfile", {"actor": Person(1, "").did}, {}),
        (youtube_with_number, "/channels", {"part": "statistics", "forHandle": "@ana"}, KEY),
        (youtube_with_more, "/channels", {"part": "statistics", "forHandle": "@ana"}, KEY),
        (instagram_with_text, f"/{instagram.USER_ID}", discovery("id,followers_count"), META),
        (bluesky_with_more, "/xrpc/app.bsky.actor.getProfile", {"actor": "ana.test"}, {}),
        (x_with_number, "/2/users/by", {"usernames": "ana", "user.fields": "id"}, X),
        (x_with_more, "/2/users/by", {"usernames": "ana", "user.fields": "id"}, X),
    ],
)
def test_an_answer_that_no_network_would_give_is_not_given(
    made: Callable[[], NetworkServer], path: str, params: dict[str, str], headers: dict[str, str]
) -> None:
    with made() as server:
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(server.url + path, params=params, headers=headers, timeout=10)
        assert len(server.violations) == 1
