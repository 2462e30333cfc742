"""Rows of the ``rpt_*`` tables that only the page of a cluster reads: spreads, history, movements, its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DistributionBin:
    """A row of ``rpt_feature_distributions``: the members of a cluster in one bin of a feature, beside everyone."""

    cluster_key: str
    feature: str
    bin: int
    bin_from: float
    bin_to: float
    influencers: int
    share_ratio: float
    overall_share_ratio: float


@dataclass(frozen=True, slots=True)
class RunSize:
    """A row of ``rpt_cluster_history``: the size of a cluster in one run."""

    cluster_key: str
    cluster_run_id: str
    run_order: int
    built_at: datetime
    is_other_model: bool
    influencers: int
    share_ratio: float


@dataclass(frozen=True, slots=True)
class Flow:
    """A row of ``rpt_cluster_migrations``: members that stayed, came or went since the run before."""

    cluster_key: str
    flow: str
    other_cluster_key: str | None
    other_cluster_name_en: str | None
    other_cluster_name_fr: str | None
    influencers: int
    share_ratio: float | None


@dataclass(frozen=True, slots=True)
class ClusterEvent:
    """A row of ``rpt_cluster_events``: what became of a cluster from one model to the next."""

    cluster_key: str
    model_id: str
    accepted_at: datetime
    event: str
    other_cluster_key: str | None
    other_cluster_name_en: str | None
    other_cluster_name_fr: str | None
    share_ratio: float | None
    jaccard: float | None


@dataclass(frozen=True, slots=True)
class DownloadRow:
    """A row of ``rpt_cluster_downloads``: a member in the file of its cluster; all but ``rank`` are its columns."""

    rank: int
    influencer_key: str
    platform: str
    handle: str | None
    display_name: str | None
    profile_url: str | None
    country_code: str | None
    audience_country_code: str | None
    language: str | None
    category: str | None
    tier: str | None
    is_verified: bool | None
    cluster_key: str
    cluster_name: str
    confidence: float | None
    runner_up_cluster_key: str | None
    observed_at: datetime | None
    followers_count: int | None
    following_count: int | None
    posts_count: int | None
    er_followers: float | None
    er_views: float | None
    view_follower_ratio: float | None
    posts_per_week: float | None
    days_since_last_post: int | None
    sponsored_ratio: float | None
    growth_30d_ratio: float | None
    followers_change_count: int | None
    followers_change_since: date | None
