"""Instagram: business discovery of the Graph API, which shows professional accounts to a professional account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from tribu.collect.network import COLLECTED, UNKNOWN, Found, Network, Source, value_at
from tribu.collect.paging import CursorInFields, Guarded
from tribu.collect.transport import HttpError, Interface, NetworkError, duration

_USER_VARIABLE: Final = "TRIBU_INSTAGRAM_USER_ID"
_PROFILE: Final = "id,username,name,biography,website,followers_count,follows_count,media_count,profile_picture_url"
_MEDIA: Final = (
    "id,caption,comments_count,like_count,media_product_type,media_type,permalink,timestamp,username,view_count"
)
_HANDLE: Final = re.compile(r"[a-z0-9._]{1,30}")
_LIMITED: Final = (4, 17, 32, 613, 80002)
_REFUSED: Final = (10, 102, 190, 200, 803)
_NOBODY: Final = (110, 24)


def _media_type(media: Any) -> Any:
    reel = value_at(media, "media_product_type") == "REELS"
    return "reel" if reel else value_at(media, "media_type")


class Instagram(Network):
    """One request per profile, 50 posts a page; the cursor stands inside ``fields``."""

    name = "instagram"
    url = "https://graph.facebook.com/v24.0"
    sites: ClassVar[frozenset[str]] = frozenset({"instagram.com"})
    token_variable = "TRIBU_INSTAGRAM_TOKEN"  # noqa: S105 (where the token is, not the token)
    page = 50
    account: ClassVar[dict[str, Source]] = {
        "account_id": "id",
        "handle": "username",
        "display_name": "name",
        "bio": "biography",
        "profile_url": lambda profile: f"https://www.instagram.com/{value_at(profile, 'username')}/",
        "followers": "followers_count",
        "following": "follows_count",
        "posts": "media_count",
    }
    post: ClassVar[dict[str, Source]] = {
        "handle": "username",
        "post_id": "id",
        "posted_at": "timestamp",
        "media_type": _media_type,
        "caption": "caption",
        "url": "permalink",
        "likes": "like_count",
        "comments": "comments_count",
        "views": "view_count",
    }

    def __init__(self, url: str | None = None) -> None:
        super().__init__(url)
        self._user = ""

    def tokens_needed(self, asked: Sequence[str]) -> list[str]:
        """The token, and the number of the professional account that it belongs to."""
        return ["TRIBU_INSTAGRAM_TOKEN", _USER_VARIABLE]

    def headers(self, tokens: Mapping[str, str]) -> dict[str, str]:
        """As a header, which the Graph API takes in place of ``access_token``."""
        self._user = re.sub(r"[^0-9]", "", tokens[_USER_VARIABLE])
        return {"Authorization": f"Bearer {tokens['TRIBU_INSTAGRAM_TOKEN']}"}

    def clean(self, handle: str) -> str:
        """Handles are small letters."""
        return handle.strip().removeprefix("@").lower()

    def find(self, interface: Interface, asked: Sequence[str]) -> Iterator[Found]:
        """One after the other: discovery takes one name."""
        for one in asked:
            if not _HANDLE.fullmatch(one):
                # It would be read as a part of `fields`.
                yield Found(one, UNKNOWN, detail="no handle that Instagram allows")
                continue
            try:
                answer = interface.get(f"/{self._user}", {"fields": _expansion(one, _PROFILE)})
            except HttpError as fault:
                if value_at(fault.payload, "error.code") not in _NOBODY:
                    raise
                yield Found(one, UNKNOWN, detail="no professional account of that name")
                continue
            yield Found(one, COLLECTED, value_at(answer, "business_discovery"))

    def posts(self, interface: Interface, found: Found, most: int) -> Iterator[Any]:
        """Media page by page, each through the profile anew."""
        handle = str(value_at(found.payload, "username"))
        identity = value_at(found.payload, "id")

        def fields(cursor: str | None) -> str:
            after = f".after({cursor})" if cursor else ""
            return _expansion(handle, f"media.limit({min(self.page, most)}){after}{{{_MEDIA}}}")

        paginator = Guarded(CursorInFields(fields, _next_cursor), self.most_pages(most))
        for page in interface.pages(f"/{self._user}", {}, paginator, "business_discovery.media.data"):
            # The media do not say whose number theirs is.
            yield from (media | {"account_id": identity} for media in page.items if isinstance(media, dict))

    def post_row(self, payload: Any) -> dict[str, str | None]:
        """With the number of the account."""
        return super().post_row(payload) | {"account_id": value_at(payload, "account_id")}

    def explain(self, fault: HttpError) -> str | None:
        """Meta says all of it with 400 or 403, and tells it apart by a code."""
        code = value_at(fault.payload, "error.code")
        if code in _LIMITED:
            wait = _regained_in(fault)
            return f"the calls of the hour are used up{f'; there are more in {duration(wait)}' if wait else ''}"
        if code in _REFUSED or fault.status == 401:
            return f"the token in {self.token_variable} is refused: it has expired, or may not use business discovery"
        return None

    def cost(self, requests: int, accounts: int, posts: int) -> str:
        """Calls of an hour grow with the impressions of the own account; 200 is the least."""
        return f"free; at 200 calls an hour {max(1, round(requests / 200)):,} h"


def _expansion(handle: str, inner: str) -> str:
    return f"business_discovery.username({handle}){{{inner}}}"


def _next_cursor(answer: Any) -> str | None:
    cursor = value_at(answer, "business_discovery.media.paging.cursors.after")
    if cursor is None:
        return None
    # It goes back into `fields`, between brackets; not to go on would lose the rest without a word.
    if not isinstance(cursor, str) or not re.fullmatch(r"[\w=+/.:-]+", cursor):
        raise NetworkError("the network gives a cursor that cannot be sent back")
    return cursor


def _regained_in(fault: HttpError) -> float | None:
    try:
        usage = json.loads(fault.headers.get("X-Business-Use-Case-Usage", ""))
        minutes = [one["estimated_time_to_regain_access"] for cases in usage.values() for one in cases]
        return 60.0 * float(max(minutes))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
