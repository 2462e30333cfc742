"""Business discovery in small: field expansion is parsed, and fields, asked for and given, are those of Meta's own lists."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Any

from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser

from tests.networks.server import Answer, Asked, NetworkServer, RefusedError

TOKEN = "marked-instagram-token-0815"  # noqa: S105 (of nobody)
USER_ID = "17841400000000000"


# What can be asked for without an expansion of its own, by the type that Meta gives it.
_PLAIN = {"string": str, "int": int, "bool": bool, "datetime": str}


def _fields(listed: Any) -> dict[str, type]:
    return {name: _PLAIN[kind] for name, kind in listed._field_types.items() if kind in _PLAIN}


# Discovery has no list of its own: Meta says that what it gives is a user, whose media are media.
assert IGUser._field_types["business_discovery"] == "IGUser"
assert "IGMedia" in inspect.getsource(IGUser.get_media)
USER_FIELDS, MEDIA_FIELDS = _fields(IGUser), _fields(IGMedia)
_DISCOVERY = re.compile(r"business_discovery\.username\(([^(){}]+)\)\{(.+)\}")
_MEDIA = re.compile(r"media\.limit\((\d+)\)(?:\.after\(([^()]+)\))?\{([a-z_,]+)\}")


@dataclass
class Professional:
    """One professional account."""

    number: int
    handle: str
    followers: int = 500
    media: int = 3
    hides_likes: bool = False

    @property
    def id(self) -> str:
        return str(17841400000000000 + self.number)


class InstagramServer(NetworkServer):
    """One node, the user's own; everybody else is an expansion of it."""

    def __init__(self, accounts: list[Professional] | None = None) -> None:
        super().__init__()
        self.accounts = accounts or []

    @property
    def url(self) -> str:
        return super().url + "/v24.0"

    def answer(self, asked: Asked) -> Answer:
        if asked.path != f"/v24.0/{USER_ID}" or asked.method != "GET":
            raise RefusedError(f"no node {asked.path}")
        if [name for name, _ in asked.query] != ["fields"]:
            raise RefusedError(f"parameters {asked.query}")
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.error(190, "Error validating access token: Session has expired.", 463)
        outer = _DISCOVERY.fullmatch(asked.query[0][1])
        if outer is None:
            raise RefusedError(f"fields do not parse: {asked.query[0][1]}")
        account = next((one for one in self.accounts if one.handle == outer[1]), None)
        if account is None:
            return self.error(110, "Invalid user id", 2207013)
        media = _MEDIA.fullmatch(outer[2])
        if media is None:
            fields = outer[2].split(",")
            if unknown := set(fields) - USER_FIELDS.keys():
                raise RefusedError(f"IGUser has no {unknown}")
            profile = self._profile(account)
            shown = {name: profile[name] for name in [*fields, "id"]}
            return Answer({"business_discovery": _valid(shown, USER_FIELDS), "id": USER_ID})
        if unknown := set(media[3].split(",")) - MEDIA_FIELDS.keys():
            raise RefusedError(f"IGMedia has no {unknown}")
        if not 1 <= int(media[1]) <= 100:
            raise RefusedError(f"limit {media[1]}")
        first = int(media[2].removeprefix("QVFI").removesuffix("==")) if media[2] else 0
        last = min(first + int(media[1]), account.media)
        page: dict[str, Any] = {
            "data": [
                _valid(self._media(account, index, media[3].split(",")), MEDIA_FIELDS) for index in range(first, last)
            ]
        }
        cursors = {"before": f"QVFI{first}=="} | ({"after": f"QVFI{last}=="} if last < account.media else {})
        return Answer(
            {"business_discovery": {"media": page | {"paging": {"cursors": cursors}}, "id": account.id}, "id": USER_ID}
        )

    def refusal(self, message: str) -> Answer:
        return self.error(100, message)

    def error(self, code: int, message: str, subcode: int = 0, headers: dict[str, str] | None = None) -> Answer:
        error = {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "error_subcode": subcode,
            "fbtrace_id": "x",
        }
        return Answer({"error": error}, 400, headers or {})

    def _profile(self, one: Professional) -> dict[str, Any]:
        return {
            "id": one.id,
            "username": one.handle,
            "name": one.handle.title(),
            "biography": "Cuisine de saison",
            "website": "https://example.org",
            "followers_count": one.followers,
            "follows_count": 20,
            "media_count": one.media,
            "profile_picture_url": "https://example.org/a.jpg",
        }

    def _media(self, one: Professional, index: int, fields: list[str]) -> dict[str, Any]:
        media = {
            "id": f"{one.id}{index:05d}",
            "caption": f"Soupe {index} #soupe",
            "comments_count": 4,
            "like_count": 30,
            "media_product_type": "REELS" if index % 2 else "FEED",
            "media_type": "VIDEO" if index % 2 else "CAROUSEL_ALBUM",
            "permalink": f"https://www.instagram.com/p/{one.number}x{index}/",
            "timestamp": f"2026-10-{1 + index % 28:02d}T10:00:00+0000",
            "username": one.handle,
        }
        # A field without a value is left out.
        return {
            name: media[name] for name in fields if name in media and not (one.hides_likes and name == "like_count")
        }


def _valid(node: dict[str, Any], fields: dict[str, type]) -> dict[str, Any]:
    """The node, if every value is of the type that Meta gives its field."""
    for name, value in node.items():
        assert type(value) is fields[name], f"{name} is {value!r}, and not {fields[name].__name__}"
    return node
