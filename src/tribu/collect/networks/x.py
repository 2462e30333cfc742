"""X: the API v2 with an app's bearer token. Posts are paid for one by one, so none is asked for twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from tribu.collect.network import (
    COLLECTED,
    PRIVATE,
    SUSPENDED,
    UNKNOWN,
    Found,
    Network,
    Source,
    hashtags,
    value_at,
)
from tribu.collect.paging import Guarded
from tribu.collect.transport import HttpError, Interface, NetworkError
from tribu.wording import counted

_USER: Final = "created_at,description,id,location,name,protected,public_metrics,url,username,verified,verified_type"
_POST: Final = "attachments,created_at,entities,id,lang,paid_partnership,public_metrics,text"
# List prices of 2026; the developer console has those of today.
_DOLLARS_A_PROFILE: Final = 0.010
_DOLLARS_A_POST: Final = 0.005
_NAME: Final = re.compile(r"[a-z0-9_]{1,15}")


def _media_type(post: Any) -> str:
    keys = value_at(post, ("attachments.media_keys",)) or []
    # Kinds of media are numbered in the first part of their key: 3 is a picture; 7, 13 and 16 move.
    kinds = {str(key).split("_", 1)[0] for key in keys}
    if not kinds:
        return "text"
    return "carousel" if len(keys) > 1 else "image" if kinds == {"3"} else "video"


def _tags(post: Any) -> str | None:
    return hashtags(value_at(tag, "tag") for tag in value_at(post, "entities.hashtags") or [])


class X(Network):
    """Profiles 100 at a time, posts 100 a page, at most the latest 3,200 of each account."""

    name = "x"
    url = "https://api.x.com"
    sites: ClassVar[frozenset[str]] = frozenset({"x.com", "twitter.com", "mobile.twitter.com"})
    token_variable = "TRIBU_X_TOKEN"  # noqa: S105 (where the token is, not the token)
    together = 100
    page = 100
    reach = 3200
    account: ClassVar[dict[str, Source]] = {
        "account_id": "id",
        "handle": "username",
        "display_name": "name",
        "bio": "description",
        "profile_url": lambda user: f"https://x.com/{value_at(user, 'username')}",
        "is_verified": "verified",
        "account_created_at": "created_at",
        "followers": "public_metrics.followers_count",
        "following": "public_metrics.following_count",
        # X renames its metrics, one interface after the other.
        "posts": ("public_metrics.post_count", "public_metrics.tweet_count"),
    }
    post: ClassVar[dict[str, Source]] = {
        "account_id": "author_id",
        "post_id": "id",
        "posted_at": "created_at",
        "media_type": _media_type,
        "caption": "text",
        "hashtags": _tags,
        "url": lambda post: f"https://x.com/i/status/{value_at(post, 'id')}",
        "language": "lang",
        "likes": "public_metrics.like_count",
        "comments": "public_metrics.reply_count",
        "shares": ("public_metrics.repost_count", "public_metrics.retweet_count"),
        "saves": "public_metrics.bookmark_count",
        "views": "public_metrics.impression_count",
        "is_sponsored": "paid_partnership",
    }

    def clean(self, handle: str) -> str:
        """Names without regard to case."""
        return handle.strip().removeprefix("@").lower()

    def is_id(self, asked: str) -> bool:
        """Numbers longer than any name may be."""
        return asked.isdigit() and len(asked) > 15

    def find(self, interface: Interface, asked: Sequence[str]) -> Iterator[Found]:
        """Names in one request, ids in another; who is missing is named with a reason."""
        users: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        valid = [one for one in asked if _NAME.fullmatch(one) or self.is_id(one)]
        for path, parameter, some in (
            ("/2/users/by", "usernames", [one for one in valid if not self.is_id(one)]),
            ("/2/users", "ids", [one for one in valid if self.is_id(one)]),
        ):
            if not some:
                continue
            answer = interface.get(path, {parameter: ",".join(some), "user.fields": _USER})
            for user in value_at(answer, "data") or []:
                key = value_at(user, "id" if parameter == "ids" else "username")
                users[str(key).lower()] = user
            for error in value_at(answer, "errors") or []:
                reasons[str(value_at(error, ("value", "resource_id"))).lower()] = str(value_at(error, "detail"))
        for one in asked:
            if one in users:
                yield Found(one, PRIVATE if value_at(users[one], "protected") is True else COLLECTED, users[one])
            else:
                reason = reasons.get(one)
                gone = reason is not None and "suspended" in reason.lower()
                yield Found(one, SUSPENDED if gone else UNKNOWN, detail=reason)

    def posts(self, interface: Interface, found: Found, most: int) -> Iterator[Any]:
        """The timeline, with what was passed on: the profile counts it."""
        number = value_at(found.payload, "id")
        if not isinstance(number, str) or not number.isdigit():
            raise NetworkError("the profile has no id that could be asked for posts")
        paginator = JSONResponseCursorPaginator(cursor_path="meta.next_token", cursor_param="pagination_token")
        for page in interface.pages(
            f"/2/users/{number}/tweets",
            # Five is the least that X takes.
            {"max_results": max(5, min(self.page, most)), "post.fields": _POST},
            Guarded(paginator, self.most_pages(most)),
            "data",
        ):
            # Not by expansions: the author is known, and what they bring along is paid for too.
            yield from ({"author_id": number} | post for post in page.items if isinstance(post, dict))

    def is_own(self, payload: Any) -> bool:
        """What is only passed on is somebody else's; X begins its text with two letters."""
        return not str(value_at(payload, "text")).startswith("RT @")

    def explain(self, fault: HttpError) -> str | None:
        """Credits are 402, the app's rights 403."""
        title = str(value_at(fault.payload, "title"))
        if fault.status == 402 or title == "UsageCapExceeded":
            return "the credits of the app, or its cap of the month, are used up"
        if fault.status == 403 and value_at(fault.payload, "reason") in (
            "client-not-enrolled",
            "official-client-forbidden",
        ):
            return f"the app of the token in {self.token_variable} may not use this interface"
        return super().explain(fault)

    def cost(self, requests: int, accounts: int, posts: int) -> str:
        """Every record that is read has a price."""
        records = accounts * min(posts, self.reach)
        dollars = accounts * _DOLLARS_A_PROFILE + records * _DOLLARS_A_POST
        return (
            f"paid: at most {dollars:,.0f} USD for {counted(accounts, 'profile')} and {counted(records, 'post')}, "
            "at the prices of 2026"
        )
