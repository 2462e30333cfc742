"""YouTube's Data API in small: held against the discovery document that Google publishes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from tests.networks.server import Answer, Asked, NetworkServer, RefusedError

DOCUMENT = json.loads(
    files("googleapiclient").joinpath("discovery_cache/documents/youtube.v3.json").read_text(encoding="utf-8")
)
KEY = "marked-youtube-key-0815"


@dataclass
class Channel:
    """One channel and how many videos it has."""

    number: int
    handle: str
    subscribers: int = 1_000
    videos: int = 3
    hidden: bool = False

    @property
    def id(self) -> str:
        return f"UC{self.number:022d}"


class YouTubeServer(NetworkServer):
    """Channels, playlist items and videos; each request is a unit of the quota."""

    def __init__(self, channels: list[Channel] | None = None, quota: int = 10_000) -> None:
        super().__init__()
        self.channels = channels or []
        self.quota = quota

    @property
    def url(self) -> str:
        return super().url + "/youtube/v3"

    def answer(self, asked: Asked) -> Answer:
        resource = asked.path.rsplit("/", 1)[-1]
        given = self._checked(asked, resource)
        if asked.headers.get("x-goog-api-key") != KEY:
            return self._error(400, "badRequest", "API key not valid.")
        if self.quota < len(self.log):
            return self._error(403, "quotaExceeded", "The request cannot be completed: quota.")
        if resource == "channels":
            wanted = given.get("id", "").split(",") if "id" in given else [given["forHandle"]]
            found = [one for one in self.channels if one.id in wanted or f"@{one.handle}" in wanted]
            return self._list("ChannelListResponse", [self._channel(one) for one in found])
        if resource == "playlistItems":
            channel = next((one for one in self.channels if one.id[2:] == given["playlistId"][2:]), None)
            if channel is None:
                return self._error(404, "playlistNotFound", "The playlist cannot be found.")
            first = int(given.get("pageToken", "p0")[1:])
            last = min(first + int(given["maxResults"]), channel.videos)
            items = [
                {"kind": "youtube#playlistItem", "contentDetails": {"videoId": self._video_id(channel, index)}}
                for index in range(first, last)
            ]
            return self._list("PlaylistItemListResponse", items, f"p{last}" if last < channel.videos else None)
        videos = [self._video(*map(int, one[1:].split("-"))) for one in given["id"].split(",")]
        return self._list("VideoListResponse", videos)

    def refusal(self, message: str) -> Answer:
        return self._error(400, "badRequest", message)

    def _checked(self, asked: Asked, resource: str) -> dict[str, str]:
        method = DOCUMENT["resources"][resource]["methods"]["list"]
        if method["path"] != asked.path.lstrip("/") or method["httpMethod"] != asked.method:
            raise RefusedError(f"{asked.method} {asked.path} is not {method['path']}")
        known = method["parameters"]
        for name, value in asked.query:
            if name not in known:
                # `key` among them: it must not stand in an address.
                raise RefusedError(f"{resource} has no parameter {name}")
            if "maximum" in known[name] and not int(known[name]["minimum"]) <= int(value) <= int(
                known[name]["maximum"]
            ):
                raise RefusedError(f"{name} is {value}")
        given = dict(asked.query)
        if missing := [name for name, rule in known.items() if rule.get("required") and name not in given]:
            raise RefusedError(f"{resource} needs {missing}")
        if len(given.get("id", "").split(",")) > 50:
            raise RefusedError("more than 50 ids")
        if resource == "channels" and len({"id", "forHandle"} & given.keys()) != 1:
            raise RefusedError("exactly one filter")
        schema = {"channels": "Channel", "playlistItems": "PlaylistItem", "videos": "Video"}[resource]
        if unknown := set(given["part"].split(",")) - DOCUMENT["schemas"][schema]["properties"].keys():
            raise RefusedError(f"{resource} has no part {unknown}")
        return given

    def _list(self, schema: str, items: list[dict[str, Any]], token: str | None = None) -> Answer:
        payload = {
            "kind": "x",
            "etag": "x",
            "pageInfo": {"totalResults": len(items), "resultsPerPage": 50},
            "items": items,
        }
        if token:
            payload["nextPageToken"] = token
        _validate(payload, {"$ref": schema}, schema)
        return Answer(payload)

    def _error(self, status: int, reason: str, message: str) -> Answer:
        errors = [{"message": message, "domain": "youtube.quota", "reason": reason}]
        return Answer({"error": {"code": status, "message": message, "errors": errors}}, status)

    def _channel(self, one: Channel) -> dict[str, Any]:
        statistics: dict[str, Any] = {
            "viewCount": "123456",
            "videoCount": str(one.videos),
            "hiddenSubscriberCount": one.hidden,
            "subscriberCount": "0" if one.hidden else str(one.subscribers),
        }
        return {
            "kind": "youtube#channel",
            "id": one.id,
            "snippet": {
                "title": one.handle.title(),
                "description": "Cuisine",
                "customUrl": f"@{one.handle}",
                "publishedAt": "2020-01-02T03:04:05Z",
                "country": "FR",
            },
            "contentDetails": {"relatedPlaylists": {"uploads": f"UU{one.id[2:]}"}},
            "statistics": statistics,
        }

    def _video_id(self, channel: Channel, index: int) -> str:
        return f"v{channel.number}-{index}"

    def _video(self, number: int, index: int) -> dict[str, Any]:
        return {
            "kind": "youtube#video",
            "id": f"v{number}-{index}",
            "snippet": {
                "channelId": f"UC{number:022d}",
                "title": f"Soupe {index}",
                "description": "#soupe du jour",
                "publishedAt": f"2026-10-{1 + index % 28:02d}T10:00:00Z",
            },
            "contentDetails": {"duration": "PT4M13S"},
            "statistics": {"viewCount": "1000", "likeCount": "90", "commentCount": "7"},
            "paidProductPlacementDetails": {"hasPaidProductPlacement": index == 0},
        }


def _validate(value: Any, schema: dict[str, Any], place: str) -> None:
    """Raise unless the value is of a schema of the discovery document."""
    if "$ref" in schema:
        return _validate(value, DOCUMENT["schemas"][schema["$ref"]], schema["$ref"])
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    assert isinstance(value, kinds.get(schema["type"], object)), f"{place} is {value!r}, and not {schema['type']}"
    if schema["type"] == "array":
        for item in value:
            _validate(item, schema["items"], place)
    if schema["type"] == "object":
        for name, inner in value.items():
            assert name in schema["properties"], f"{place} has no {name}"
            _validate(inner, schema["properties"][name], f"{place}.{name}")
    return None
