"""Bluesky's AppView in small: parameters and answers are checked against the models of the atproto package."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from atproto_client import models
from pydantic import BaseModel, ValidationError

from tests.networks.server import Answer, Asked, NetworkServer, RefusedError, unknown_fields

CID = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"
START = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class Person:
    """One account of the network, with its posts, the newest first."""

    number: int
    handle: str
    followers: int = 100
    posts: int = 3
    stated: int | None = None
    gone: str | None = None
    reposts: int = 0
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def did(self) -> str:
        digits, alphabet = "", "abcdefghijklmnopqrstuvwxyz234567"
        number = self.number
        for _ in range(24):
            digits, number = alphabet[number % 32] + digits, number // 32
        return f"did:plc:{digits}"


class BlueskyServer(NetworkServer):
    """Profiles 25 at a time, feeds with cursors, the refusals that Bluesky gives."""

    def __init__(self, people: list[Person] | None = None) -> None:
        super().__init__()
        self.people = people or []

    def person(self, name: str) -> Person | None:
        return next((one for one in self.people if name in (one.did, one.handle)), None)

    def answer(self, asked: Asked) -> Answer:  # noqa: PLR0911 (one per thing that it says)
        if asked.headers.get("authorization"):
            raise RefusedError("the public AppView takes no token")
        if asked.path == "/xrpc/app.bsky.actor.getProfiles":
            given = self._checked(models.AppBskyActorGetProfiles.Params, asked, lists=("actors",))
            found = [one for name in given["actors"] if (one := self.person(name)) and not one.gone]
            payload: dict[str, Any] = {"profiles": [self.profile(one) for one in found]}
            return self._valid(models.AppBskyActorGetProfiles.Response, payload)
        if asked.path == "/xrpc/app.bsky.actor.getProfile":
            given = self._checked(models.AppBskyActorGetProfile.Params, asked)
            person = self.person(given["actor"])
            if person is None:
                return Answer({"error": "InvalidRequest", "message": "Profile not found"}, 400)
            if person.gone:
                return Answer({"error": person.gone, "message": "Account has been suspended"}, 400)
            return self._valid(models.AppBskyActorDefs.ProfileViewDetailed, self.profile(person))
        if asked.path == "/xrpc/app.bsky.feed.getAuthorFeed":
            given = self._checked(models.AppBskyFeedGetAuthorFeed.Params, asked)
            person = self.person(given["actor"])
            if person is None:
                return Answer({"error": "InvalidRequest", "message": "Profile not found"}, 400)
            first, most = int(float(given.get("cursor") or 0)), int(given.get("limit") or 50)
            last = min(first + most, person.posts + person.reposts)
            payload = {"feed": [self.item(person, index) for index in range(first, last)]}
            if last < person.posts + person.reposts:
                payload["cursor"] = str(last)
            return self._valid(models.AppBskyFeedGetAuthorFeed.Response, payload)
        return Answer({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)

    def profile(self, person: Person) -> dict[str, Any]:
        return {
            "did": person.did,
            "handle": person.handle,
            "displayName": person.handle.split(".")[0].title(),
            "description": "Recettes de saison",
            "createdAt": "2024-02-03T04:05:06.000Z",
            "indexedAt": "2024-02-03T04:05:06.000Z",
            "followersCount": person.followers,
            "followsCount": 12,
            "postsCount": person.posts if person.stated is None else person.stated,
            **person.extra,
        }

    def item(self, person: Person, index: int) -> dict[str, Any]:
        own = index < person.posts
        author = person if own else Person(999_999, "someone.else.test")
        moment = (START - timedelta(hours=6 * index)).isoformat().replace("+00:00", "Z")
        item: dict[str, Any] = {
            "post": {
                "uri": f"at://{author.did}/app.bsky.feed.post/3k{person.number:06d}{index:06d}",
                "cid": CID,
                "author": {"did": author.did, "handle": author.handle, "displayName": "x"},
                "record": {
                    "$type": "app.bsky.feed.post",
                    "text": f"Soupe numéro {index} #soupe",
                    "createdAt": moment,
                    "langs": ["fr"],
                    "tags": ["cuisine"],
                },
                "replyCount": 1,
                "repostCount": 2,
                "likeCount": 10 + index % 5,
                "quoteCount": 0,
                "indexedAt": moment,
            }
        }
        if not own:
            item["reason"] = {
                "$type": "app.bsky.feed.defs#reasonRepost",
                "by": {"did": person.did, "handle": person.handle},
                "indexedAt": moment,
            }
        return item

    def _checked(self, model: type[BaseModel], asked: Asked, lists: tuple[str, ...] = ()) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, value in asked.query:
            if name not in model.model_fields:
                raise RefusedError(f"{asked.path} has no parameter {name}")
            if name in lists:
                given.setdefault(name, []).append(value)
            else:
                given[name] = int(value) if value.isdigit() and name == "limit" else value
        try:
            model.model_validate(given, strict=False)
        except ValidationError as error:
            raise RefusedError(f"{asked.path}: {error.errors()[0]}") from None
        return given

    def _valid(self, model: type[BaseModel], payload: dict[str, Any]) -> Answer:
        # A server that answers as Bluesky never would tests nothing.
        made = model.model_validate(payload)
        assert not (unknown := unknown_fields(made)), f"{model.__name__} has no {unknown}"
        return Answer(payload)
