"""The networks, one module each."""

from __future__ import annotations

from typing import Final

from tribu.collect.network import Network
from tribu.collect.networks.bluesky import Bluesky
from tribu.collect.networks.mastodon import Mastodon

NETWORKS: Final[dict[str, type[Network]]] = {network.name: network for network in (Bluesky, Mastodon)}
"""Name of the platform → its network."""
