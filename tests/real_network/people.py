"""People of a real network: accounts, posts and what others do with them, written through its own interface and counted as written."""

from __future__ import annotations

import secrets
import struct
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import requests

_BATCH: Final = 200
"""Records that the server takes in one request."""


@dataclass(eq=False)
class Post:
    """One post, and what became of it."""

    text: str
    at: datetime
    language: str
    tags: tuple[str, ...] = ()
    pictures: int = 0
    answers: Post | None = None
    uri: str = ""
    cid: str = ""
    replies: int = 0
    liked_by: set[str] = field(default_factory=set)
    passed_on_by: set[str] = field(default_factory=set)

    @property
    def likes(self) -> int:
        """By how many it is liked."""
        return len(self.liked_by)

    @property
    def reposts(self) -> int:
        """By how many it is passed on."""
        return len(self.passed_on_by)

    @property
    def key(self) -> dict[str, str]:
        """How others refer to it."""
        return {"uri": self.uri, "cid": self.cid}


@dataclass(eq=False)
class Person:
    """One account, with what it wrote and who follows it."""

    handle: str
    display_name: str
    bio: str
    did: str = ""
    token: str = ""
    followers: int = 0
    following: int = 0
    posts: list[Post] = field(default_factory=list)
    follows: dict[str, str] = field(default_factory=dict)


class World:
    """Everybody, as they were written."""

    def __init__(self, pds: str) -> None:
        self.people: list[Person] = []
        self._pds = pds
        self._session = requests.Session()

    @property
    def posts(self) -> list[Post]:
        """Every post that is still there."""
        return [post for person in self.people for post in person.posts]

    def join(self, person: Person) -> Person:
        """Make the account, with its profile."""
        account = self._call(
            "com.atproto.server.createAccount",
            {"handle": person.handle, "email": f"{person.handle}@example.org", "password": secrets.token_hex(12)},
        )
        person.did, person.token = account["did"], account["accessJwt"]
        profile = {"displayName": person.display_name, "description": person.bio}
        self._create(person, [("app.bsky.actor.profile", profile)], rkey="self")
        self.people.append(person)
        return person

    def write(self, person: Person, *posts: Post) -> None:
        """Publish posts."""
        values = [("app.bsky.feed.post", self._post(person, post)) for post in posts]
        for post, made in zip(posts, self._create(person, values), strict=True):
            post.uri, post.cid = made["uri"], made["cid"]
            if post.answers:
                post.answers.replies += 1
        person.posts.extend(posts)

    def follow(self, person: Person, *others: Person) -> None:
        """Follow others."""
        values = [("app.bsky.graph.follow", {"subject": other.did}) for other in others]
        for other, made in zip(others, self._create(person, values), strict=True):
            other.followers += 1
            person.following += 1
            person.follows[other.did] = made["uri"]

    def unfollow(self, person: Person, other: Person) -> None:
        """Take a follow back."""
        self._delete(person, person.follows.pop(other.did))
        other.followers -= 1
        person.following -= 1

    def like(self, person: Person, *posts: Post) -> None:
        """Like posts; again is not more."""
        self._create(person, [("app.bsky.feed.like", {"subject": post.key}) for post in posts])
        for post in posts:
            post.liked_by.add(person.did)

    def repost(self, person: Person, *posts: Post) -> None:
        """Pass posts on."""
        self._create(person, [("app.bsky.feed.repost", {"subject": post.key}) for post in posts])
        for post in posts:
            post.passed_on_by.add(person.did)

    def withdraw(self, person: Person, post: Post) -> None:
        """Delete a post."""
        self._delete(person, post.uri)
        person.posts.remove(post)

    def rename(self, person: Person, handle: str) -> None:
        """Take another handle."""
        self._call("com.atproto.identity.updateHandle", {"handle": handle}, person)
        person.handle = handle

    def leave(self, person: Person) -> None:
        """Deactivate the account."""
        self._call("com.atproto.server.deactivateAccount", {}, person)

    def _post(self, person: Person, post: Post) -> dict[str, Any]:
        record: dict[str, Any] = {
            "text": post.text,
            "createdAt": _moment(post.at),
            "langs": [post.language],
            "facets": _facets(post.text),
        }
        if post.tags:
            record["tags"] = list(post.tags)
        if post.answers:
            record["reply"] = {"root": post.answers.key, "parent": post.answers.key}
        if post.pictures:
            blob = self._call("com.atproto.repo.uploadBlob", _picture(), person)["blob"]
            images = [{"image": blob, "alt": "soup"} for _ in range(post.pictures)]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        return record

    def _create(
        self, person: Person, values: list[tuple[str, dict[str, Any]]], rkey: str | None = None
    ) -> list[dict[str, str]]:
        writes = [
            {
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": collection,
                "value": {"$type": collection, "createdAt": _moment(datetime.now().astimezone()), **value},
            }
            | ({"rkey": rkey} if rkey else {})
            for collection, value in values
        ]
        made: list[dict[str, str]] = []
        for first in range(0, len(writes), _BATCH):
            body = {"repo": person.did, "validate": True, "writes": writes[first : first + _BATCH]}
            made += self._call("com.atproto.repo.applyWrites", body, person)["results"]
        return made

    def _delete(self, person: Person, uri: str) -> None:
        collection, rkey = uri.split("/")[-2:]
        self._call(
            "com.atproto.repo.deleteRecord", {"repo": person.did, "collection": collection, "rkey": rkey}, person
        )

    def _call(self, method: str, body: dict[str, Any] | bytes, person: Person | None = None) -> Any:
        headers = {"Authorization": f"Bearer {person.token}"} if person else {}
        url = f"{self._pds}/xrpc/{method}"
        if isinstance(body, bytes):
            headers["Content-Type"] = "image/png"
            done = self._session.post(url, data=body, headers=headers, timeout=60)
        else:
            done = self._session.post(url, json=body, headers=headers, timeout=60)
        assert done.ok, f"{method}: {done.status_code} {done.text[:400]}"
        return done.json() if done.content else None


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _facets(text: str) -> list[dict[str, Any]]:
    """The tags within a text, by the bytes that they take."""
    facets = []
    for word in (one for one in text.split() if one.startswith("#")):
        first = len(text[: text.index(word)].encode())
        feature = {"$type": "app.bsky.richtext.facet#tag", "tag": word.removeprefix("#")}
        facets.append({"index": {"byteStart": first, "byteEnd": first + len(word.encode())}, "features": [feature]})
    return facets


def _picture() -> bytes:
    """A grey dot as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")
    )
