"""A Mastodon instance that others wrote, so that not every server of the tests has our own idea of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests

ASKED = ["alice", "bob", "nobody"]
"""Two of its accounts, the first of whom posts, and one that it does not know."""


@contextmanager
def instance_of_others(posts: int) -> Iterator[str]:
    """Start ``mastodon_mock`` and publish; its address."""
    from mastodon_mock.testing import MockServer

    with MockServer() as running:
        url = f"http://127.0.0.1:{running._port}"
        for number in range(posts):
            sent = requests.post(
                f"{url}/api/v1/statuses",
                json={"status": f"soup {number} #soup"},
                headers={"Authorization": "Bearer alice_token"},
                timeout=10,
            )
            assert sent.ok, sent.text
        yield url
