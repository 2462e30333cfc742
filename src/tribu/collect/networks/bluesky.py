"""Bluesky: the public AppView, which answers everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from tribu.collect.network import COLLECTED, SUSPENDED, UNKNOWN, Found, Network, Source, hashtags, value_at
from tribu.collect.paging import Guarded
from tribu.collect.transport import HttpError, Interface


def _media_type(post: Any) -> str:
    kind = str(value_at(post, "embed.$type") or "")
    if kind.startswith("app.bsky.embed.recordWithMedia"):
        kind = str(value_at(post, "embed.media.$type") or "")
    if kind.startswith("app.bsky.embed.images"):
        return "carousel" if len(value_at(post, "embed.images") or []) > 1 else "image"
    return "video" if kind.startswith("app.bsky.embed.video") else "text"


def _tags(post: Any) -> str | None:
    named = list(value_at(post, "record.tags") or [])
    for facet in value_at(post, "record.facets") or []:
        named += [value_at(feature, "tag") for feature in value_at(facet, "features") or []]
    return hashtags(named)


def _address(post: Any) -> str | None:
    uri = value_at(post, "uri")
    if not isinstance(uri, str):
        return None
    return f"https://bsky.app/profile/{value_at(post, 'author.did')}/post/{uri.rsplit('/', 1)[-1]}"


class Bluesky(Network):
    """Profiles 25 at a time, posts 100 a page; replies are posts, reposts are somebody else's."""

    name = "bluesky"
    url = "https://public.api.bsky.app"
    sites: ClassVar[frozenset[str]] = frozenset({"bsky.app"})
    profile: ClassVar[re.Pattern[str]] = re.compile(r"/profile/([^/]+)/?")
    together = 25
    page = 100
    account: ClassVar[dict[str, Source]] = {
        "account_id": "did",
        "handle": "handle",
        "display_name": "displayName",
        "bio": "description",
        "profile_url": lambda profile: f"https://bsky.app/profile/{value_at(profile, 'did')}",
        "is_verified": lambda profile: value_at(profile, "verification.verifiedStatus") == "valid",
        "account_created_at": "createdAt",
        "followers": "followersCount",
        "following": "followsCount",
        "posts": "postsCount",
    }
    post: ClassVar[dict[str, Source]] = {
        "account_id": "author.did",
        "handle": "author.handle",
        "post_id": "uri",
        "posted_at": ("record.createdAt", "indexedAt"),
        "media_type": _media_type,
        "caption": "record.text",
        "hashtags": _tags,
        "url": _address,
        "language": lambda post: next(iter(value_at(post, "record.langs") or []), None),
        "likes": "likeCount",
        "comments": "replyCount",
        "shares": "repostCount",
        "saves": "bookmarkCount",
    }

    def clean(self, handle: str) -> str:
        """Handles are names of hosts; those without a dot are short for Bluesky's own."""
        bare = handle.strip().removeprefix("@")
        return bare if self.is_id(bare) else bare.lower() if "." in bare else f"{bare.lower()}.bsky.social"

    def is_id(self, asked: str) -> bool:
        """A DID."""
        return asked.startswith("did:")

    def find(self, interface: Interface, asked: Sequence[str]) -> Iterator[Found]:
        """Profiles come together; who is missing is asked for alone, for only then a reason is given."""
        answer = interface.get("/xrpc/app.bsky.actor.getProfiles", {"actors": list(asked)})
        profiles = value_at(answer, "profiles") or []
        by_name = {value_at(profile, key): profile for profile in profiles for key in ("did", "handle")}
        for one in asked:
            profile = by_name.get(one)
            yield Found(one, COLLECTED, profile) if profile else self._alone(interface, one)

    def _alone(self, interface: Interface, asked: str) -> Found:
        try:
            return Found(asked, COLLECTED, interface.get("/xrpc/app.bsky.actor.getProfile", {"actor": asked}))
        except HttpError as fault:
            code, message = value_at(fault.payload, "error"), value_at(fault.payload, "message")
            if code in ("AccountTakedown", "AccountDeactivated"):
                return Found(asked, SUSPENDED, detail=message)
            if fault.status in (400, 404):
                return Found(asked, UNKNOWN, detail=message)
            raise

    def posts(self, interface: Interface, found: Found, most: int) -> Iterator[Any]:
        """The feed of the author, without what is only passed on."""
        did = value_at(found.payload, "did")
        paginator = JSONResponseCursorPaginator(cursor_path="cursor", cursor_param="cursor")
        for page in interface.pages(
            "/xrpc/app.bsky.feed.getAuthorFeed",
            {"actor": did, "limit": self.page, "filter": "posts_with_replies"},
            Guarded(paginator, self.most_pages(most)),
            "feed",
        ):
            for item in page.items:
                post = value_at(item, "post")
                if post and value_at(item, "reason") is None and value_at(post, "author.did") == did:
                    yield post

    def most_pages(self, posts: int) -> int:
        """Some people pass on a lot, and those pages hold nothing of their own."""
        return super().most_pages(posts) + 50

    def cost(self, requests: int, accounts: int, posts: int) -> str:
        """The limit is 3,000 requests in five minutes."""
        return f"free; at 3,000 requests in 5 minutes at least {max(1, round(requests / 600)):,} min"
