"""The networks, one module each."""

from __future__ import annotations

from typing import Final

from tribu.collect.network import Network
from tribu.collect.networks.bluesky import Bluesky
from tribu.collect.networks.instagram import Instagram
from tribu.collect.networks.mastodon import Mastodon
from tribu.collect.networks.tiktok import TikTok
from tribu.collect.networks.x import X
from tribu.collect.networks.youtube import YouTube

NETWORKS: Final[dict[str, type[Network]]] = {
    network.name: network for network in (Bluesky, Instagram, Mastodon, TikTok, X, YouTube)
}
"""Name of the platform → its network."""
