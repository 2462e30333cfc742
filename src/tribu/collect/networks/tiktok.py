"""TikTok: the display API, which shows a creator's own account with the token that the creator has consented to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from tribu.collect.network import COLLECTED, Found, Network, Source, value_at
from tribu.collect.paging import Guarded
from tribu.collect.transport import Interface, NetworkError

_USER: Final = (
    "open_id,union_id,avatar_url,display_name,bio_description,profile_deep_link,is_verified,username,"
    "follower_count,following_count,likes_count,video_count"
)
_VIDEO: Final = (
    "id,create_time,cover_image_url,share_url,video_description,duration,height,width,title,"
    "like_count,comment_count,share_count,view_count"
)


class TikTok(Network):
    """One creator, one token: a request for the profile, 20 videos a page."""

    name = "tiktok"
    url = "https://open.tiktokapis.com"
    sites: ClassVar[frozenset[str]] = frozenset({"tiktok.com"})
    profile: ClassVar[re.Pattern[str]] = re.compile(r"/@([^/]+)/?")
    page = 20
    account: ClassVar[dict[str, Source]] = {
        "account_id": "open_id",
        "handle": "username",
        "display_name": "display_name",
        "bio": "bio_description",
        "profile_url": "profile_deep_link",
        "is_verified": "is_verified",
        "followers": "follower_count",
        "following": "following_count",
        "posts": "video_count",
        "total_likes": "likes_count",
    }
    post: ClassVar[dict[str, Source]] = {
        "account_id": "open_id",
        "post_id": "id",
        "posted_at": "create_time",
        "media_type": lambda video: "short",
        "caption": ("video_description", "title"),
        "url": "share_url",
        "duration": "duration",
        "likes": "like_count",
        "comments": "comment_count",
        "shares": "share_count",
        "views": "view_count",
    }

    def tokens_needed(self, asked: Sequence[str]) -> list[str]:
        """One for each creator."""
        return [_variable(one) for one in asked]

    def headers(self, tokens: Mapping[str, str]) -> dict[str, str]:
        """None for all: the token goes with each request."""
        return {}

    def clean(self, handle: str) -> str:
        """Names without regard to case."""
        return handle.strip().removeprefix("@").lower()

    def find(self, interface: Interface, asked: Sequence[str]) -> Iterator[Found]:
        """Whoever the token belongs to."""
        for one in asked:
            answer = interface.get("/v2/user/info/", {"fields": _USER}, _token(one))
            _refuse(answer)
            yield Found(one, COLLECTED, value_at(answer, "data.user"))

    def posts(self, interface: Interface, found: Found, most: int) -> Iterator[Any]:
        """The creator's public videos."""
        paginator = JSONResponseCursorPaginator(
            cursor_path="data.cursor", cursor_body_path="cursor", has_more_path="data.has_more"
        )
        owner = {"open_id": value_at(found.payload, "open_id")}
        for page in interface.pages(
            "/v2/video/list/",
            {"fields": _VIDEO},
            Guarded(paginator, self.most_pages(most)),
            "data.videos",
            body={"max_count": min(self.page, most)},
            headers=_token(found.asked),
        ):
            _refuse(page.answer)
            yield from (video | owner for video in page.items if isinstance(video, dict))

    def cost(self, requests: int, accounts: int, posts: int) -> str:
        """The limit is 600 requests a minute for each endpoint."""
        return f"free; {accounts:,} creators have to consent first"


def _variable(handle: str) -> str:
    return "TRIBU_TIKTOK_TOKEN_" + re.sub(r"[^A-Z0-9]", "_", handle.upper())


def _token(handle: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {os.environ.get(_variable(handle), '').strip()}"}


def _refuse(answer: Any) -> None:
    """Some refusals come with a status that says yes."""
    code = value_at(answer, "error.code")
    if code not in (None, "ok"):
        raise NetworkError(f"the network answers {code}")
