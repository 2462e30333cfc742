"""YouTube: the Data API v3. A channel leads to the playlist of its uploads, that to the videos."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from tribu.collect.network import COLLECTED, UNKNOWN, Found, Network, Source, value_at
from tribu.collect.paging import Guarded
from tribu.collect.transport import HttpError, Interface

_CHANNEL: Final = "snippet,statistics,contentDetails,status,topicDetails"
_VIDEO: Final = "snippet,statistics,contentDetails,status,paidProductPlacementDetails"
_ID: Final = re.compile(r"UC[\w-]{22}")
_DAILY_UNITS: Final = 10_000
_USED_UP: Final = ("quotaExceeded", "dailyLimitExceeded")
_REFUSED: Final = ("forbidden", "accessNotConfigured", "badRequest", "keyInvalid", "ipRefererBlocked")


def _followers(channel: Any) -> Any:
    hidden = value_at(channel, "statistics.hiddenSubscriberCount") is True
    # Hidden is not nobody.
    return None if hidden else value_at(channel, "statistics.subscriberCount")


def _caption(video: Any) -> str | None:
    parts = (value_at(video, "snippet.title"), value_at(video, "snippet.description"))
    return "\n\n".join(part for part in parts if isinstance(part, str) and part) or None


def _handle(channel: Any) -> Any:
    name = value_at(channel, ("snippet.customUrl", "id"))
    return name.removeprefix("@") if isinstance(name, str) else None


class YouTube(Network):
    """Channels 50 at a time by id and one by one by handle, uploads and videos 50 a page; each request is one unit."""

    name = "youtube"
    url = "https://youtube.googleapis.com/youtube/v3"
    sites: ClassVar[frozenset[str]] = frozenset({"youtube.com", "m.youtube.com"})
    profile: ClassVar[re.Pattern[str]] = re.compile(r"/(?:channel/|@)([^/]+)(?:/.*)?")
    token_variable = "TRIBU_YOUTUBE_KEY"  # noqa: S105 (where the token is, not the token)
    together = 50
    page = 50
    account: ClassVar[dict[str, Source]] = {
        "account_id": "id",
        "handle": _handle,
        "display_name": "snippet.title",
        "bio": "snippet.description",
        "profile_url": lambda channel: f"https://www.youtube.com/channel/{value_at(channel, 'id')}",
        "country": "snippet.country",
        "language": "snippet.defaultLanguage",
        "account_created_at": "snippet.publishedAt",
        "followers": _followers,
        "posts": "statistics.videoCount",
        "total_views": "statistics.viewCount",
    }
    post: ClassVar[dict[str, Source]] = {
        "account_id": "snippet.channelId",
        "post_id": "id",
        "posted_at": "snippet.publishedAt",
        "media_type": lambda video: "video",
        "caption": _caption,
        "url": lambda video: f"https://www.youtube.com/watch?v={value_at(video, 'id')}",
        "language": ("snippet.defaultAudioLanguage", "snippet.defaultLanguage"),
        "duration": "contentDetails.duration",
        "likes": "statistics.likeCount",
        "comments": "statistics.commentCount",
        "views": "statistics.viewCount",
        "is_sponsored": "paidProductPlacementDetails.hasPaidProductPlacement",
    }

    def headers(self, tokens: Mapping[str, str]) -> dict[str, str]:
        """As a header: in the address a key would be logged."""
        return {"X-Goog-Api-Key": tokens["TRIBU_YOUTUBE_KEY"]}

    def clean(self, handle: str) -> str:
        """Handles without regard to case; ids as they are."""
        bare = handle.strip().removeprefix("@")
        return bare if self.is_id(bare) else bare.lower()

    def is_id(self, asked: str) -> bool:
        """A channel's id."""
        return _ID.fullmatch(asked) is not None

    def find(self, interface: Interface, asked: Sequence[str]) -> Iterator[Found]:
        """All ids in one request; a handle has to be asked for alone."""
        ids = [one for one in asked if self.is_id(one)]
        by_id: dict[str, Any] = {}
        if ids:
            answer = interface.get("/channels", {"part": _CHANNEL, "id": ",".join(ids), "maxResults": self.page})
            by_id = {value_at(channel, "id"): channel for channel in value_at(answer, "items") or []}
        for one in asked:
            if self.is_id(one):
                channel = by_id.get(one)
            else:
                answer = interface.get("/channels", {"part": _CHANNEL, "forHandle": f"@{one}"})
                channel = next(iter(value_at(answer, "items") or []), None)
            yield (
                Found(one, COLLECTED, channel) if channel else Found(one, UNKNOWN, detail="no such channel, or closed")
            )

    def posts(self, interface: Interface, found: Found, most: int) -> Iterator[Any]:
        """The videos of the uploads playlist; the list knows no figures."""
        uploads = value_at(found.payload, "contentDetails.relatedPlaylists.uploads")
        if not uploads:
            return
        paginator = JSONResponseCursorPaginator(cursor_path="nextPageToken", cursor_param="pageToken")
        try:
            for page in interface.pages(
                "/playlistItems",
                {"part": "contentDetails", "playlistId": uploads, "maxResults": self.page},
                Guarded(paginator, self.most_pages(most)),
                "items",
            ):
                ids = [value_at(item, "contentDetails.videoId") for item in page.items]
                ids = [one for one in ids if isinstance(one, str)]
                if ids:
                    answer = interface.get("/videos", {"part": _VIDEO, "id": ",".join(ids)})
                    by_id = {value_at(video, "id"): video for video in value_at(answer, "items") or []}
                    yield from (by_id[one] for one in ids if one in by_id)
        except HttpError as fault:
            # A channel that has never published has a playlist that is not there.
            if fault.status != 404:
                raise

    def explain(self, fault: HttpError) -> str | None:
        """Quota and permission both come as 403, told apart by their reason."""
        errors = value_at(fault.payload, "error.errors") or []
        reasons = {value_at(error, "reason") for error in errors}
        if reasons & set(_USED_UP):
            return "the quota of the day is used up; it is filled again at midnight, Pacific time"
        if fault.status in (400, 401, 403) and (fault.status == 401 or reasons & set(_REFUSED)):
            return f"the key in {self.token_variable} is refused, or the API is not enabled for it"
        return None

    def requests_for(self, accounts: int, posts: int) -> int:
        """A handle is a request; each page of uploads needs one of videos."""
        return accounts + 2 * accounts * math.ceil(posts / self.page)

    def cost(self, requests: int, accounts: int, posts: int) -> str:
        """Free, but bounded by the day."""
        days = math.ceil(requests / _DAILY_UNITS)
        return (
            f"free; {requests:,} units, {days:,} days at {_DAILY_UNITS:,} a day (less by channel id, 50 to a request)"
        )
