"""The kinds of influencers in the sample, and how the platforms differ.

Each archetype says how the accounts of its kind are spread, never what one account is: neighbours overlap in
every single measure and differ in how the measures go together. The figures are orders of magnitude that an
agency would recognise (engagement falls with size, short video is watched by more people than follow, threads
collect replies); they were written down once and are not fitted to the score of any algorithm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Lognormal:
    """A positive measure: its median, and the standard deviation of its natural logarithm."""

    median: float
    spread: float


@dataclass(frozen=True)
class Normal:
    """A measure of either sign: its mean and standard deviation."""

    mean: float
    spread: float


@dataclass(frozen=True)
class Beta:
    """A share between 0 and 1: its mean, and how many observations its certainty is worth."""

    mean: float
    weight: float


@dataclass(frozen=True)
class Archetype:
    """How the accounts of one kind are spread, on a platform without shifts (Instagram)."""

    name: str
    share: float
    """Part of all influencers."""
    followers: Lognormal
    following: Lognormal
    posts_per_week: Lognormal
    """Posts that reach an export; tools keep a part of what large accounts post."""
    burstiness: float
    """Dispersion of the weekly number of posts: variance = mean + burstiness · mean² (negative binomial)."""
    pause_days: Lognormal
    """Time since the account went quiet, for the accounts that did."""
    paused_share: float
    """Part of the accounts that went quiet."""
    views_per_follower: Lognormal
    likes_per_view: Lognormal
    comments_per_like: Lognormal
    reach_spread: Lognormal
    """Spread of the logarithm of reach between the posts of one account."""
    viral_share: Beta
    """Part of the posts whose reach takes off (a Pareto multiplier)."""
    sponsored_share: Beta
    paid_lift: Lognormal
    """Reach of sponsored posts relative to the account's others."""
    monthly_growth: Normal
    """Growth of the logarithm of followers in 30 days."""
    niche_lean: Mapping[str, float] = field(default_factory=dict)
    """Niches that are more (or less) frequent than in the whole; 1 where not named."""
    platform_lean: Mapping[str, float] = field(default_factory=dict)
    """Platforms that are more (or less) frequent than in the whole; 1 where not named."""


ARCHETYPES: Final = (
    Archetype(
        name="everyday_nano",
        share=0.28,
        followers=Lognormal(2_600, 0.75),
        following=Lognormal(800, 0.6),
        posts_per_week=Lognormal(0.5, 0.5),
        burstiness=0.5,
        pause_days=Lognormal(40, 0.5),
        paused_share=0.07,
        views_per_follower=Lognormal(0.5, 0.45),
        likes_per_view=Lognormal(0.11, 0.35),
        comments_per_like=Lognormal(0.045, 0.45),
        reach_spread=Lognormal(0.45, 0.2),
        viral_share=Beta(0.01, 60),
        sponsored_share=Beta(0.02, 30),
        paid_lift=Lognormal(0.85, 0.3),
        monthly_growth=Normal(0.008, 0.012),
        platform_lean={"instagram": 1.2, "youtube": 0.8},
    ),
    Archetype(
        name="niche_expert",
        share=0.17,
        followers=Lognormal(26_000, 0.8),
        following=Lognormal(420, 0.6),
        posts_per_week=Lognormal(0.95, 0.45),
        burstiness=0.2,
        pause_days=Lognormal(35, 0.5),
        paused_share=0.04,
        views_per_follower=Lognormal(0.3, 0.45),
        likes_per_view=Lognormal(0.085, 0.35),
        comments_per_like=Lognormal(0.06, 0.4),
        reach_spread=Lognormal(0.4, 0.2),
        viral_share=Beta(0.015, 60),
        sponsored_share=Beta(0.09, 24),
        paid_lift=Lognormal(0.9, 0.25),
        monthly_growth=Normal(0.015, 0.012),
        niche_lean={"technology": 1.8, "education": 2.0, "finance": 1.8, "comedy": 0.4},
        platform_lean={"youtube": 1.4},
    ),
    Archetype(
        name="community_builder",
        share=0.12,
        followers=Lognormal(11_000, 0.75),
        following=Lognormal(2_300, 0.6),
        posts_per_week=Lognormal(1.9, 0.4),
        burstiness=0.15,
        pause_days=Lognormal(30, 0.5),
        paused_share=0.03,
        views_per_follower=Lognormal(0.55, 0.4),
        likes_per_view=Lognormal(0.13, 0.3),
        comments_per_like=Lognormal(0.17, 0.4),
        reach_spread=Lognormal(0.35, 0.2),
        viral_share=Beta(0.01, 60),
        sponsored_share=Beta(0.04, 30),
        paid_lift=Lognormal(0.8, 0.3),
        monthly_growth=Normal(0.022, 0.014),
        niche_lean={"parenting": 1.8, "fitness": 1.5, "gaming": 1.5},
    ),
    Archetype(
        name="polished_brand_partner",
        share=0.13,
        followers=Lognormal(140_000, 0.75),
        following=Lognormal(650, 0.5),
        posts_per_week=Lognormal(1.4, 0.35),
        burstiness=0.08,
        pause_days=Lognormal(25, 0.4),
        paused_share=0.02,
        views_per_follower=Lognormal(0.27, 0.35),
        likes_per_view=Lognormal(0.06, 0.3),
        comments_per_like=Lognormal(0.025, 0.4),
        reach_spread=Lognormal(0.32, 0.2),
        viral_share=Beta(0.01, 60),
        sponsored_share=Beta(0.34, 22),
        paid_lift=Lognormal(0.8, 0.2),
        monthly_growth=Normal(0.009, 0.009),
        niche_lean={"beauty": 1.9, "fashion": 1.9, "travel": 1.4, "news": 0.2},
    ),
    Archetype(
        name="viral_entertainer",
        share=0.10,
        followers=Lognormal(280_000, 1.0),
        following=Lognormal(190, 0.7),
        posts_per_week=Lognormal(1.8, 0.45),
        burstiness=0.3,
        pause_days=Lognormal(30, 0.5),
        paused_share=0.04,
        views_per_follower=Lognormal(1.0, 0.5),
        likes_per_view=Lognormal(0.08, 0.35),
        comments_per_like=Lognormal(0.016, 0.45),
        reach_spread=Lognormal(0.95, 0.2),
        viral_share=Beta(0.12, 40),
        sponsored_share=Beta(0.07, 24),
        paid_lift=Lognormal(0.6, 0.35),
        monthly_growth=Normal(0.055, 0.028),
        niche_lean={"comedy": 2.2, "music": 1.6, "finance": 0.4},
        platform_lean={"tiktok": 1.6, "x": 0.6},
    ),
    Archetype(
        name="news_machine",
        share=0.08,
        followers=Lognormal(90_000, 1.1),
        following=Lognormal(320, 0.8),
        posts_per_week=Lognormal(4.2, 0.35),
        burstiness=0.05,
        pause_days=Lognormal(20, 0.4),
        paused_share=0.01,
        views_per_follower=Lognormal(0.11, 0.5),
        likes_per_view=Lognormal(0.03, 0.4),
        comments_per_like=Lognormal(0.1, 0.45),
        reach_spread=Lognormal(0.7, 0.2),
        viral_share=Beta(0.04, 50),
        sponsored_share=Beta(0.012, 40),
        paid_lift=Lognormal(0.8, 0.3),
        monthly_growth=Normal(0.006, 0.009),
        niche_lean={"news": 3.0, "sports": 2.0, "finance": 1.5, "beauty": 0.4},
        platform_lean={"x": 1.9, "youtube": 0.8},
    ),
    Archetype(
        name="dormant_star",
        share=0.07,
        followers=Lognormal(330_000, 1.0),
        following=Lognormal(240, 0.8),
        posts_per_week=Lognormal(0.6, 0.5),
        burstiness=0.8,
        pause_days=Lognormal(190, 0.6),
        paused_share=0.95,
        views_per_follower=Lognormal(0.14, 0.5),
        likes_per_view=Lognormal(0.05, 0.4),
        comments_per_like=Lognormal(0.03, 0.5),
        reach_spread=Lognormal(0.5, 0.2),
        viral_share=Beta(0.01, 60),
        sponsored_share=Beta(0.06, 20),
        paid_lift=Lognormal(0.75, 0.3),
        monthly_growth=Normal(-0.009, 0.006),
    ),
    Archetype(
        name="celebrity",
        share=0.05,
        followers=Lognormal(5_500_000, 0.85),
        following=Lognormal(110, 0.9),
        posts_per_week=Lognormal(0.9, 0.45),
        burstiness=0.3,
        pause_days=Lognormal(30, 0.5),
        paused_share=0.05,
        views_per_follower=Lognormal(0.25, 0.45),
        likes_per_view=Lognormal(0.05, 0.35),
        comments_per_like=Lognormal(0.012, 0.45),
        reach_spread=Lognormal(0.5, 0.2),
        viral_share=Beta(0.02, 60),
        sponsored_share=Beta(0.15, 22),
        paid_lift=Lognormal(0.6, 0.25),
        monthly_growth=Normal(0.006, 0.007),
        niche_lean={"music": 2.0, "sports": 2.0, "technology": 0.4, "education": 0.3},
    ),
)


@dataclass(frozen=True)
class Platform:
    """What a platform does to every archetype alike: factors on the medians, and what it shows at all."""

    name: str
    share: float
    launched: str
    """First month in which an account can have been made, ISO."""
    followers: float
    posts_per_week: float
    views_per_follower: float
    likes_per_view: float
    comments_per_like: float
    shares_per_like: float
    """0 where the platform shows none."""
    saves_per_like: float
    video_share: float
    """Part of the posts that are videos."""
    views_of_stills: bool
    """Whether posts that are no video show their views."""
    seconds: float
    """Median length of a video."""


PLATFORMS: Final = (
    Platform("instagram", 0.40, "2010-10-01", 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.05, 0.45, False, 28),
    Platform("tiktok", 0.27, "2016-09-01", 1.3, 1.15, 1.8, 1.1, 0.6, 0.06, 0.08, 1.0, True, 34),
    Platform("youtube", 0.20, "2005-05-01", 0.8, 0.55, 0.55, 0.5, 1.8, 0.0, 0.0, 1.0, True, 560),
    Platform("x", 0.13, "2006-07-01", 0.5, 1.7, 0.35, 0.2, 1.6, 0.18, 0.0, 0.18, True, 45),
)
