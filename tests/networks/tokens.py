"""Tokens of nobody, which the servers of the tests know: marked, so that one that is printed or written can be found."""

from __future__ import annotations

from tests.networks import instagram, x, youtube

CREATORS = {"ana": "marked-tiktok-token-0815", "bo.x": "marked-tiktok-token-4711"}
"""Of TikTok, by who has consented."""

TOKENS = {
    "TRIBU_YOUTUBE_KEY": youtube.KEY,
    "TRIBU_INSTAGRAM_TOKEN": instagram.TOKEN,
    "TRIBU_INSTAGRAM_USER_ID": instagram.USER_ID,
    "TRIBU_X_TOKEN": x.TOKEN,
    "TRIBU_TIKTOK_TOKEN_ANA": CREATORS["ana"],
    "TRIBU_TIKTOK_TOKEN_BO_X": CREATORS["bo.x"],
}
"""By the variable of the environment that holds them."""
