"""X's API v2 in small: answers are held against the models of X's own SDK, which also knows the fields."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import dataclass
from typing import Any

import xdk.schemas
from pydantic import BaseModel
from xdk.users.client import UsersClient

from tests.networks.server import Answer, Asked, NetworkServer, RefusedError, unknown_fields

TOKEN = "marked-x-token-0815"  # noqa: S105 (of nobody)


def _offered(method: str, parameter: str) -> set[str]:
    annotation = str(inspect.signature(getattr(UsersClient, method)).parameters[parameter].annotation)
    return set(re.findall(r"[\"']([a-z_.]+)[\"']", annotation))


USER_FIELDS = _offered("get_by_usernames", "user_fields")
POST_FIELDS = _offered("get_posts", "post_fields")
# What the models no longer know, and some interfaces still give.
OLD_NAMES = {"tweet_count": "post_count", "retweet_count": "repost_count"}


@dataclass
class User:
    """One account of X; `old` has its metrics under their old names."""

    number: int
    username: str
    followers: int = 700
    posts: int = 3
    reposts: int = 0
    protected: bool = False
    suspended: bool = False
    old: bool = False

    @property
    def id(self) -> str:
        return str(1_400_000_000_000_000_000 + self.number)


class XServer(NetworkServer):
    """Users by name and by id, and timelines."""

    def __init__(self, users: list[User] | None = None) -> None:
        super().__init__()
        self.users = users or []
        self.records = 0

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(
                {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}, 401
            )
        if asked.path in ("/2/users/by", "/2/users"):
            parameter = "usernames" if asked.path.endswith("by") else "ids"
            given = self._checked(asked, {parameter, "user.fields"}, "user.fields", USER_FIELDS)
            return self._users(given[parameter].split(","), parameter)
        timeline = re.fullmatch(r"/2/users/(\d+)/tweets", asked.path)
        if timeline is None:
            raise RefusedError(f"no {asked.path}")
        given = self._checked(asked, {"max_results", "pagination_token", "post.fields"}, "post.fields", POST_FIELDS)
        if not 5 <= int(given["max_results"]) <= 100:
            raise RefusedError(f"max_results {given['max_results']}")
        user = next(one for one in self.users if one.id == timeline[1])
        first, total = int(given.get("pagination_token", "t0")[1:]), user.posts + user.reposts
        last = min(first + int(given["max_results"]), total)
        self.records += last - first
        payload: dict[str, Any] = {"meta": {"result_count": last - first}}
        if last > first:
            payload["data"] = [self._post(user, index) for index in range(first, last)]
        if last < total:
            payload["meta"]["next_token"] = f"t{last}"
        return self._valid(xdk.schemas.GetUsersPostsResponse, payload)

    def refusal(self, message: str) -> Answer:
        return Answer(
            {"title": "Invalid Request", "detail": message, "type": "x", "errors": [{"message": message}]}, 400
        )

    def _checked(self, asked: Asked, known: set[str], fields: str, offered: set[str]) -> dict[str, str]:
        given = dict(asked.query)
        if unknown := given.keys() - known:
            raise RefusedError(f"{asked.path} has no {unknown}")
        if unknown := set(given.get(fields, "").split(",")) - offered:
            raise RefusedError(f"{fields} has no {unknown}")
        return given

    def _users(self, asked: list[str], parameter: str) -> Answer:
        if len(asked) > 100 or (parameter == "usernames" and not all(re.fullmatch(r"\w{1,15}", one) for one in asked)):
            raise RefusedError(f"{parameter} {asked}")
        payload: dict[str, Any] = {}
        for one in asked:
            user = next((user for user in self.users if one in (user.id, user.username.lower())), None)
            if user is None or user.suspended:
                gone = "User has been suspended" if user else "Could not find user with " + parameter
                problem = {
                    "value": one,
                    "detail": f"{gone}: [{one}].",
                    "title": "Forbidden" if user else "Not Found Error",
                    "resource_type": "user",
                    "parameter": parameter,
                    "resource_id": one,
                    "type": "https://api.x.com/2/problems/resource-not-found",
                }
                payload.setdefault("errors", []).append(problem)
            else:
                payload.setdefault("data", []).append(self._user(user))
        return self._valid(xdk.schemas.GetUsersByUsernamesResponse, payload)

    def _valid(self, model: type[BaseModel], payload: dict[str, Any]) -> Answer:
        text = json.dumps(payload)
        for old, new in OLD_NAMES.items():
            text = text.replace(f'"{old}":', f'"{new}":')
        made = model.model_validate_json(text)
        assert not (unknown := unknown_fields(made)), f"{model.__name__} has no {unknown}"
        return Answer(payload)

    def _user(self, user: User) -> dict[str, Any]:
        metrics = {
            "followers_count": user.followers,
            "following_count": 9,
            "listed_count": 1,
            "tweet_count" if user.old else "post_count": user.posts + user.reposts,
        }
        return {
            "id": user.id,
            "username": user.username,
            "name": user.username.title(),
            "created_at": "2015-01-02T03:04:05.000Z",
            "description": "Cuisine",
            "protected": user.protected,
            "verified": False,
            "public_metrics": metrics,
        }

    def _post(self, user: User, index: int) -> dict[str, Any]:
        metrics = {
            "like_count": 11,
            "reply_count": 2,
            "quote_count": 0,
            "bookmark_count": 1,
            "impression_count": 900,
            "retweet_count" if user.old else "repost_count": 3,
        }
        return {
            "id": str(1_900_000_000_000_000_000 + user.number * 100_000 + index),
            "text": f"Soupe {index}" if index < user.posts else "RT @someone: soup",
            "created_at": f"2026-10-{1 + index % 28:02d}T10:00:00.000Z",
            "lang": "fr",
            "paid_partnership": index == 0,
            "public_metrics": metrics,
        }
