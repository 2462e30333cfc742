"""Draws what the influencers posted: when, how far it went and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

import numpy as np

from tribu.sample.archetypes import PLATFORMS
from tribu.sample.people import REFERENCE_DATE, Bools, Floats, Ints, People, Texts, base64_digits, scatter

WEEKS: Final = 17
"""Weeks of posts before an account's last sign of life."""

NO_POSTS_SHARE: Final = 0.03
"""Part of the accounts whose posts no source has."""

_DAY: Final = 86_400
_MOST_PER_WEEK: Final = 200
"""Keeps an account under 4,096 posts, the room that a post's number has in its id."""

_REFERENCE: Final = int(datetime.combine(REFERENCE_DATE, time(), UTC).timestamp())
_X_EPOCH_MS: Final = 1_288_834_974_657
"""Ids on X count milliseconds from here."""


@dataclass(frozen=True)
class Posts:
    """One entry per post in each array, ordered by person and then by age, youngest first."""

    person: Ints
    """Position in :class:`~tribu.sample.people.People`."""
    sequence: Ints
    """0 for a person's youngest post."""
    posted_at: Ints
    """Seconds since 1970, UTC."""
    is_video: Bools
    shows_views: Bools
    duration: Ints
    """Seconds; 0 for what is no video."""
    sponsored: Bools
    views: Ints
    likes: Ints
    comments: Ints
    shares: Ints
    saves: Ints

    def __len__(self) -> int:
        return len(self.person)


def reference_seconds() -> int:
    """Midnight (UTC) at the start of the last day of observation, in seconds since 1970."""
    return _REFERENCE


def draw_posts(people: People, rng: np.random.Generator) -> Posts:
    """Draw the posts of ``people``: negative binomial counts per week, lognormal reach with a Pareto tail."""
    person, posted_at = _rhythm(people, rng)
    size = len(person)
    starts = np.searchsorted(person, np.arange(len(people)))
    sequence = np.arange(size, dtype=np.int64) - starts[person]

    def of_platform(name: str) -> Floats:
        return np.array([getattr(p, name) for p in PLATFORMS], dtype=np.float64)[people.platform[person]]

    is_video = rng.random(size) < of_platform("video_share")
    sponsored = rng.random(size) < people.sponsored_share[person]
    takes_off = rng.random(size) < people.viral_share[person]
    pareto = np.minimum(2.0 * (1.0 - rng.random(size)) ** (-1 / 1.6), 80.0)
    months_ago = (_REFERENCE - posted_at) / (30 * _DAY)
    followers_then = people.followers[person] * np.exp(-people.monthly_growth[person] * np.minimum(months_ago, 6))
    reach = (
        followers_then
        * people.views_per_follower[person]
        * np.exp(people.reach_spread[person] * rng.standard_normal(size))
        * np.where(takes_off, pareto, 1.0)
        * np.where(sponsored, people.paid_lift[person], 1.0)
    )
    views = np.maximum(rng.poisson(np.minimum(reach, 4e9)), 1)
    likes = _reaction(views, people.likes_per_view[person], 0.2, 0.6, rng)
    comments = _reaction(likes, people.comments_per_like[person], 0.3, 0.9, rng)
    return Posts(
        person=person,
        sequence=sequence,
        posted_at=posted_at,
        is_video=is_video,
        shows_views=is_video | (of_platform("views_of_stills") > 0),
        duration=np.where(
            is_video, np.rint(of_platform("seconds") * np.exp(0.6 * rng.standard_normal(size))), 0
        ).astype(np.int64),
        sponsored=sponsored,
        views=views,
        likes=likes,
        comments=comments,
        shares=_reaction(likes, of_platform("shares_per_like"), 0.4, 0.9, rng),
        saves=_reaction(likes, of_platform("saves_per_like"), 0.4, 0.9, rng),
    )


def post_ids(people: People, posts: Posts) -> Texts:
    """Ids in the form of each platform, a function of person, sequence and time."""
    ids: list[str] = []
    numbers = (people.number[posts.person] * 4096 + posts.sequence).tolist()
    platforms = people.platform[posts.person].tolist()
    for number, platform, posted_at in zip(numbers, platforms, posts.posted_at.tolist(), strict=True):
        match PLATFORMS[platform].name:
            case "tiktok":
                ids.append(str((posted_at << 32) + scatter(number, 32)))
            case "x":
                ids.append(str(((posted_at * 1000 - _X_EPOCH_MS) << 22) + scatter(number, 32)))
            case _:
                # 11 digits like a real one, the first four a word, so that it leads to nobody's post.
                ids.append("smpl" + base64_digits(scatter(number, 42), 7))
    return np.array(ids, dtype=object)


def _rhythm(people: People, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Person and time of every post."""
    size = len(people)
    intensity = rng.gamma(1 / people.burstiness[:, None], people.burstiness[:, None], size=(size, WEEKS))
    per_week = np.minimum(rng.poisson(people.posts_per_week[:, None] * intensity), _MOST_PER_WEEK)
    per_week[rng.random(size) < NO_POSTS_SHARE] = 0
    cell = np.repeat(np.arange(size * WEEKS, dtype=np.int64), per_week.ravel())
    person, week = cell // WEEKS, cell % WEEKS
    days_ago = people.pause_days[person] + (week + rng.random(len(cell))) * 7
    # Whole minutes, as most tools export them.
    posted_at = _REFERENCE - 60 * (1 + np.floor(days_ago * 1440).astype(np.int64))
    order = np.lexsort((-posted_at, person))
    return person[order], posted_at[order]


def _reaction(base: Ints, rate: Floats, spread: float, most: float, rng: np.random.Generator) -> Ints:
    """Count who reacts: ``rate`` of ``base``, varying by ``spread`` in logarithm, at most ``most`` of it."""
    wanted = rng.poisson(base * rate * np.exp(spread * rng.standard_normal(len(base))))
    reacted: Ints = np.minimum(wanted, np.floor(base * most).astype(np.int64))
    return reacted
