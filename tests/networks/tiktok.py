"""TikTok's display API in small: fields, scopes and sizes of its documentation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.networks.server import Answer, Asked, NetworkServer, RefusedError

USER_FIELDS = {
    *("open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name", "bio_description"),
    *(
        "profile_deep_link",
        "is_verified",
        "username",
        "follower_count",
        "following_count",
        "likes_count",
        "video_count",
    ),
}
VIDEO_FIELDS = {
    *("id", "create_time", "cover_image_url", "share_url", "video_description", "duration", "height", "width", "title"),
    *("embed_html", "embed_link", "like_count", "comment_count", "share_count", "view_count"),
}


@dataclass
class Creator:
    """A creator, and the token that they have consented to."""

    username: str
    token: str
    videos: int = 3


class TikTokServer(NetworkServer):
    """User info by GET, videos by POST."""

    def __init__(self, creators: list[Creator] | None = None) -> None:
        super().__init__()
        self.creators = creators or []

    def answer(self, asked: Asked) -> Answer:
        listing = asked.path == "/v2/video/list/"
        if (asked.method, asked.path) not in (("GET", "/v2/user/info/"), ("POST", "/v2/video/list/")):
            raise RefusedError(f"no {asked.method} {asked.path}")
        if [name for name, _ in asked.query] != ["fields"]:
            raise RefusedError(f"parameters {asked.query}")
        fields = asked.query[0][1].split(",")
        if unknown := set(fields) - (VIDEO_FIELDS if listing else USER_FIELDS):
            raise RefusedError(f"no fields {unknown}")
        creator = next(
            (one for one in self.creators if asked.headers.get("authorization") == f"Bearer {one.token}"), None
        )
        if creator is None:
            return self._answer({}, "access_token_invalid", 401)
        if not listing:
            user = {
                "open_id": f"open-{creator.username}",
                "username": creator.username,
                "display_name": creator.username.title(),
                "is_verified": True,
                "follower_count": 900,
                "following_count": 3,
                "likes_count": 5_000,
                "video_count": creator.videos,
            }
            return self._answer({"user": {name: user[name] for name in fields if name in user}})
        body = json.loads(asked.body)
        if body.keys() - {"max_count", "cursor"} or not 1 <= body["max_count"] <= 20:
            raise RefusedError(f"body {body}")
        first = body.get("cursor") or 0
        last = min(first + body["max_count"], creator.videos)
        videos = [
            {"id": f"{creator.username}{index}", "create_time": 1_760_000_000 + index, "duration": 15, "like_count": 8}
            | {"video_description": f"soupe {index} #soupe", "view_count": 300, "comment_count": 1, "share_count": 0}
            for index in range(first, last)
        ]
        return self._answer({"videos": videos, "cursor": last, "has_more": last < creator.videos})

    def refusal(self, message: str) -> Answer:
        return self._answer({}, "invalid_params", 400, message)

    def _answer(self, data: dict[str, Any], code: str = "ok", status: int = 200, message: str = "") -> Answer:
        return Answer({"data": data, "error": {"code": code, "message": message, "log_id": "x"}}, status)
