"""Draws the influencers: who they are by their archetype, before any source has written about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tribu.sample.archetypes import ARCHETYPES, PLATFORMS, Beta, Lognormal, Normal
from tribu.sample.phrases import HANDLE_WORDS, MARKETS, NICHES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

REFERENCE_DATE: Final = date(2026, 6, 30)
"""Day of the last observation; nothing in the sample is younger."""

SIZE_ELASTICITY: Final = -0.2
"""Within an archetype, views per follower go with followers to this power: large audiences watch less."""

_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class People:
    """One entry per influencer in each array; rates are those of the account on its own platform."""

    number: Ints
    archetype: Ints
    platform: Ints
    niche: Ints
    market: Ints
    language: Ints
    is_verified: Bools
    is_business: Bools
    account_id: Texts
    handle: Texts
    followers: Floats
    following: Floats
    posts_per_week: Floats
    burstiness: Floats
    pause_days: Floats
    age_days: Floats
    views_per_follower: Floats
    likes_per_view: Floats
    comments_per_like: Floats
    reach_spread: Floats
    viral_share: Floats
    sponsored_share: Floats
    paid_lift: Floats
    monthly_growth: Floats

    def __len__(self) -> int:
        return len(self.number)

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, item.name)) for item in fields(self)}
        assert len(lengths) == 1, lengths


def draw_people(influencers: int, rng: np.random.Generator, *, first_number: int = 0) -> People:
    """Draw ``influencers`` accounts numbered from ``first_number``.

    Ids and handles are functions of the number, so that samples of different numbers never collide.
    """
    number = np.arange(first_number, first_number + influencers, dtype=np.int64)
    archetype = pick(np.array([[kind.share for kind in ARCHETYPES]]), np.zeros(influencers, np.int64), rng)
    platform = pick(
        np.array([[p.share * kind.platform_lean.get(p.name, 1.0) for p in PLATFORMS] for kind in ARCHETYPES]),
        archetype,
        rng,
    )
    niche = pick(
        np.array([[n.share * kind.niche_lean.get(n.name, 1.0) for n in NICHES] for kind in ARCHETYPES]),
        archetype,
        rng,
    )
    market = pick(np.array([[m.share for m in MARKETS]]), np.zeros(influencers, np.int64), rng)

    def shift(name: str) -> Floats:
        return np.array([getattr(p, name) for p in PLATFORMS], dtype=np.float64)[platform]

    def positive(name: str) -> Floats:
        spreads: list[Lognormal] = [getattr(kind, name) for kind in ARCHETYPES]
        return _lognormal(spreads, archetype, rng)

    def share(name: str) -> Floats:
        spreads: list[Beta] = [getattr(kind, name) for kind in ARCHETYPES]
        return _beta(spreads, archetype, rng)

    home_language = np.array([m.language for m in MARKETS])[market]
    language = np.where(rng.random(influencers) < 0.8, home_language, 0)
    medians = np.array([kind.followers.median for kind in ARCHETYPES])[archetype]
    relative_size = positive("followers") / medians
    followers = np.maximum(30.0, np.rint(medians * relative_size * shift("followers")))
    # Large accounts are verified more often: 1 in 1,000 at 1,000 followers, 2 in 3 at ten million.
    is_verified = rng.random(influencers) < 1 / (1 + np.exp(-1.9 * (np.log10(followers) - 6.6)))
    paused = rng.random(influencers) < np.array([kind.paused_share for kind in ARCHETYPES])[archetype]
    pause_days = np.where(paused, np.minimum(positive("pause_days"), 900.0), 0.0)
    launched = np.array([(REFERENCE_DATE - date.fromisoformat(p.launched)).days for p in PLATFORMS])[platform]
    # An account is older than anything it posted: the pause and the 17 weeks of posts before it.
    age_days = np.clip(1_500 * np.exp(0.6 * rng.standard_normal(influencers)), pause_days + 150, launched)
    growth: list[Normal] = [kind.monthly_growth for kind in ARCHETYPES]
    return People(
        number=number,
        archetype=archetype,
        platform=platform,
        niche=niche,
        market=market,
        language=language,
        is_verified=is_verified,
        is_business=rng.random(influencers) < 0.35,
        account_id=_account_ids(number, platform),
        handle=_handles(number, rng),
        followers=followers,
        following=np.clip(np.rint(positive("following")), 1.0, 7_500.0),
        posts_per_week=positive("posts_per_week") * shift("posts_per_week"),
        burstiness=np.array([kind.burstiness for kind in ARCHETYPES])[archetype],
        pause_days=pause_days,
        age_days=np.rint(age_days),
        views_per_follower=positive("views_per_follower")
        * shift("views_per_follower")
        * relative_size**SIZE_ELASTICITY,
        likes_per_view=np.minimum(0.4, positive("likes_per_view") * shift("likes_per_view")),
        comments_per_like=np.minimum(0.8, positive("comments_per_like") * shift("comments_per_like")),
        reach_spread=positive("reach_spread"),
        viral_share=share("viral_share"),
        sponsored_share=share("sponsored_share"),
        paid_lift=positive("paid_lift"),
        monthly_growth=np.array([g.mean for g in growth])[archetype]
        + np.array([g.spread for g in growth])[archetype] * rng.standard_normal(influencers),
    )


def pick(weights: Floats, row: Ints, rng: np.random.Generator) -> Ints:
    """Draw one column per entry of ``row``, with the weights of that row (they need not add up to 1)."""
    limits = np.cumsum(weights, axis=1)
    drawn = rng.random(len(row)) * limits[row, -1]
    column: Ints = (drawn[:, None] >= limits[row, :-1]).sum(axis=1).astype(np.int64)
    return column


def scatter(number: int, bits: int) -> int:
    """Map integers below ``2**bits`` one to one to others that look unordered.

    Odd multipliers and shifted exclusive ors are invertible modulo a power of two; drawing at random instead
    would repeat ids in large samples.
    """
    mask = (1 << bits) - 1
    mixed = (number * 0x9E3779B97F4A7C15 + 0x7F4A7C15) & mask
    mixed ^= mixed >> (bits // 2)
    mixed = (mixed * 0xBF58476D1CE4E5B9) & mask
    return mixed ^ (mixed >> (bits // 2))


def base64_digits(value: int, length: int) -> str:
    """Write ``value`` in ``length`` digits of the alphabet of video ids."""
    return "".join(_BASE64[(value >> 6 * place) & 63] for place in range(length))


def _lognormal(spreads: Sequence[Lognormal], which: Ints, rng: np.random.Generator) -> Floats:
    medians = np.array([s.median for s in spreads])[which]
    sigmas = np.array([s.spread for s in spreads])[which]
    drawn: Floats = medians * np.exp(sigmas * rng.standard_normal(len(which)))
    return drawn


def _beta(spreads: Sequence[Beta], which: Ints, rng: np.random.Generator) -> Floats:
    mean = np.array([s.mean for s in spreads])[which]
    weight = np.array([s.weight for s in spreads])[which]
    drawn: Floats = rng.beta(mean * weight, (1 - mean) * weight)
    return drawn


def _account_ids(number: Ints, platform: Ints) -> Texts:
    """Ids in the form of each platform; those of TikTok need all 64 bits, as the real ones do."""
    ids: list[str] = []
    for one, where in zip(number.tolist(), platform.tolist(), strict=True):
        match PLATFORMS[where].name:
            case "instagram":
                ids.append(str(40_000_000_000 + scatter(one, 33)))
            case "tiktok":
                ids.append(str(6_800_000_000_000_000_000 + scatter(one, 56)))
            case "youtube":
                # The real ones are UC and 22 digits; the word inside keeps these out of anybody's channel.
                ids.append("UCsample" + base64_digits(scatter(one, 96), 16))
            case _:
                # Accounts on X are as old as 9-digit ids and as young as 19-digit ones.
                young = scatter(one, 50)
                ids.append(str(1_400_000_000_000_000_000 + young if young % 2 else 300_000_000 + scatter(one, 32)))
    return np.array(ids, dtype=object)


def _handles(number: Ints, rng: np.random.Generator) -> Texts:
    words = rng.integers(len(HANDLE_WORDS), size=len(number)).tolist()
    return np.array(
        [f"sample_{one:04d}_{HANDLE_WORDS[word]}" for one, word in zip(number.tolist(), words, strict=True)],
        dtype=object,
    )
