"""Addresses of profiles where handles are asked for: read where they name an account, refused where they do not."""

from __future__ import annotations

import pytest

from tribu.collect.collecting import open_network, read_handles
from tribu.errors import CollectError

CHANNEL = "UC" + "aB3-_" * 4 + "xy"


@pytest.mark.parametrize(
    ("platform", "address", "name"),
    [
        ("bluesky", "https://bsky.app/profile/Ana.bsky.social", "ana.bsky.social"),
        ("bluesky", "bsky.app/profile/did:plc:abc/", "did:plc:abc"),
        ("youtube", "https://www.youtube.com/@Soupe", "soupe"),
        ("youtube", "https://m.youtube.com/@caf%C3%A9/videos?view=0", "café"),
        ("youtube", f"https://www.youtube.com/channel/{CHANNEL}/about", CHANNEL),
        ("instagram", "https://www.instagram.com/Ana.Cooks/?hl=fr", "ana.cooks"),
        ("instagram", " www.instagram.com/ana ", "ana"),
        ("x", "https://twitter.com/Ana#top", "ana"),
        ("x", "https://x.com/ana/", "ana"),
        ("tiktok", "https://www.tiktok.com/@Ana?lang=en", "ana"),
        ("mastodon", "https://mastodon.example/@Ana", "ana@mastodon.example"),
        ("mastodon", "https://mastodon.example/@ana@other.example", "ana@other.example"),
    ],
)
def test_the_address_of_a_profile_is_its_handle_or_id(platform: str, address: str, name: str) -> None:
    network = open_network(platform, "https://mastodon.example" if platform == "mastodon" else None)
    assert read_handles(network, [address]) == [name]
    assert read_handles(network, [name, address]) == [name]


@pytest.mark.parametrize(
    ("platform", "address"),
    [
        ("bluesky", "https://bsky.app/profile/ana.bsky.social/post/3k"),
        ("youtube", "https://www.youtube.com/watch?v=abc"),
        ("youtube", "https://www.youtube.com/c/LegacyName"),
        ("youtube", "https://www.instagram.com/ana"),
        ("instagram", "https://www.instagram.com/p/Cxyz/"),
        ("instagram", "https://www.instagram.com/"),
        ("x", "https://x.com/ana/status/1"),
        ("tiktok", "https://www.tiktok.com/@ana/video/7"),
        ("tiktok", "https://evil.example/@ana"),
        ("mastodon", "https://mastodon.example/@ana/1234"),
        ("x", "https://[x.com/ana"),
    ],
)
def test_an_address_of_something_else_is_refused_and_named(platform: str, address: str) -> None:
    network = open_network(platform, "https://mastodon.example" if platform == "mastodon" else None)
    with pytest.raises(CollectError, match=f"account of {platform}; got ") as refused:
        read_handles(network, ["ana", address])
    assert address in str(refused.value)
