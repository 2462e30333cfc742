"""Mastodon: any instance, which answers everybody about the accounts that it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from dlt.sources.helpers.rest_client.paginators import HeaderLinkPaginator

from tribu.collect.network import (
    COLLECTED,
    SUSPENDED,
    UNKNOWN,
    Found,
    Network,
    Source,
    hashtags,
    plain_text,
    value_at,
)
from tribu.collect.paging import Guarded
from tribu.collect.transport import HttpError, Interface, NetworkError


def _media_type(post: Any) -> str:
    kinds = [value_at(media, "type") for media in value_at(post, "media_attachments") or []]
    if len(kinds) > 1:
        return "carousel"
    return {"image": "image", "gifv": "video", "video": "video"}.get(str(kinds[0]), "other") if kinds else "text"


class Mastodon(Network):
    """One request per profile, 40 posts a page. An id is the instance's own, so its host is part of it here."""

    name = "mastodon"
    url = ""
    page = 40
    account: ClassVar[dict[str, Source]] = {
        "display_name": "display_name",
        "bio": lambda profile: plain_text(value_at(profile, "note")),
        "profile_url": "url",
        "account_created_at": "created_at",
        "followers": "followers_count",
        "following": "following_count",
        "posts": "statuses_count",
    }
    post: ClassVar[dict[str, Source]] = {
        "posted_at": "created_at",
        "media_type": _media_type,
        "caption": lambda post: plain_text(value_at(post, "content")),
        "hashtags": lambda post: hashtags(value_at(tag, "name") for tag in value_at(post, "tags") or []),
        "url": ("url", "uri"),
        "language": "language",
        "likes": "favourites_count",
        "comments": "replies_count",
        "shares": "reblogs_count",
    }

    @property
    def host(self) -> str:
        """The instance that is asked."""
        return urlsplit(self.base).netloc.lower()

    def clean(self, handle: str) -> str:
        """``name@host``; without a host the instance's own."""
        bare = handle.strip().removeprefix("@").lower()
        return bare if "@" in bare else f"{bare}@{self.host}"

    def name_at(self, host: str, path: str) -> str | None:
        """Every host may be an instance; one may show accounts of others."""
        page = re.fullmatch(r"/@([^/@]+)(?:@([^/@]+))?/?", path)
        return f"{page[1]}@{page[2] or host}" if page else None

    def is_id(self, asked: str) -> bool:
        """The instance's number of an account, with its host."""
        name, _, host = asked.partition("@")
        return name.isdigit() and len(name) > 9 and host == self.host

    def find(self, interface: Interface, asked: Sequence[str]) -> Iterator[Found]:
        """One after the other."""
        for one in asked:
            yield self._one(interface, one)

    def _one(self, interface: Interface, asked: str) -> Found:
        name, _, host = asked.partition("@")
        local = name if host == self.host else asked
        try:
            if self.is_id(asked):
                profile = interface.get(f"/api/v1/accounts/{name}", {})
            else:
                profile = interface.get("/api/v1/accounts/lookup", {"acct": local})
        except HttpError as fault:
            if fault.status in (404, 410):
                gone = "the instance says that it is gone" if fault.status == 410 else "the instance does not know it"
                return Found(asked, SUSPENDED if fault.status == 410 else UNKNOWN, detail=gone)
            raise
        if value_at(profile, "suspended"):
            return Found(asked, SUSPENDED, detail="suspended by the instance")
        moved = value_at(profile, "moved.acct")
        return Found(asked, COLLECTED, profile, detail=f"moved to {moved}" if moved else None)

    def posts(self, interface: Interface, found: Found, most: int) -> Iterator[Any]:
        """The account's statuses, and what it has boosted: the profile counts both."""
        number = value_at(found.payload, "id")
        if not isinstance(number, str) or not number.isalnum():
            raise NetworkError("the profile has no id that could be asked for posts")
        for page in interface.pages(
            f"/api/v1/accounts/{number}/statuses",
            {"limit": min(self.page, most)},
            Guarded(_Links(self.base), self.most_pages(most)),
            "$",
        ):
            # A page of one status would arrive as the status itself, and an empty one as nothing.
            yield from (post for post in page.answer if isinstance(post, dict))

    def is_own(self, payload: Any) -> bool:
        """A boost is somebody else's."""
        return value_at(payload, "reblog") is None

    def account_row(self, payload: Any) -> dict[str, str | None]:
        """With the host, for every instance counts its accounts anew."""
        return super().account_row(payload) | self._keys(payload)

    def post_row(self, payload: Any) -> dict[str, str | None]:
        """The address of a status is the same on every instance."""
        keys = self._keys(value_at(payload, "account"))
        uri = value_at(payload, "uri")
        return super().post_row(payload) | keys | {"post_id": uri or f"{value_at(payload, 'id')}@{self.host}"}

    def _keys(self, account: Any) -> dict[str, str | None]:
        number, acct = value_at(account, "id"), value_at(account, "acct")
        return {
            "account_id": f"{number}@{self.host}" if number else None,
            "handle": None if not acct else acct if "@" in acct else f"{acct}@{self.host}",
        }

    def cost(self, requests: int, accounts: int, posts: int) -> str:
        """The limit is 300 requests in five minutes, unless the instance sets another."""
        return f"free; at the usual 300 requests in 5 minutes at least {max(1, round(requests / 60)):,} min"


class _Links(HeaderLinkPaginator):
    """Links to the next page, of the same instance only."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def update_state(self, response: Any, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        following = self._next_reference
        if following and urlsplit(following)[:2] != urlsplit(self._base)[:2]:
            raise NetworkError(f"the next page is said to be on another host: {urlsplit(following).netloc}")
