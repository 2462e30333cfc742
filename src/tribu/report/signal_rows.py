"""Signals of authenticity and what influencers sell, as typed rows: what `tribu.report.data` reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final

import pyarrow as pa

from tribu.report.arrow import read_rows


@dataclass(frozen=True, slots=True)
class Signal:
    """A row of ``rpt_influencer_signals``: one signal of one influencer with a page."""

    influencer_key: str
    signal_name: str
    signal_order: int
    value: float | None
    percentile: float | None
    cohort_step: str | None
    cohort_influencers: int | None
    part: float | None
    weight: float
    signals_known: int
    signals_sum: float | None
    signals_sum_most: float | None


@dataclass(frozen=True, slots=True)
class ClusterSignals:
    """A row of ``rpt_cluster_signals``: how many members of a cluster lie above the bound."""

    cluster_key: str
    judged_influencers: int
    above_bound_influencers: int
    above_bound_share_ratio: float | None
    everyone_share_ratio: float | None
    bound_ratio: float
    signals_known_min: int


@dataclass(frozen=True, slots=True)
class Commerce:
    """A row of ``rpt_influencer_commerce``: what one of them sells."""

    influencer_key: str
    posts_with_disclosure: int
    sponsored_posts: int
    sponsored_by_flag_posts: int
    sponsored_by_hashtag_posts: int
    sponsored_by_phrase_posts: int
    paid_performance_ratio: float | None
    brands: int | None
    price_per_post: float | None
    price_currency: str | None
    price_valid_from: date | None
    cost_per_interaction: float | None
    earned_media_value: float | None
    valued_posts: int | None
    media_value_currency: str | None


SIGNAL_TABLES: Final[Mapping[str, type]] = {
    "rpt_influencer_signals": Signal,
    "rpt_cluster_signals": ClusterSignals,
    "rpt_influencer_commerce": Commerce,
}
"""The tables that these parts of pages are made of, with the class of their rows."""


@dataclass(frozen=True)
class Signals:
    """Signals by influencer and by cluster, and what influencers sell, by key."""

    of_influencers: Mapping[str, tuple[Signal, ...]] = field(default_factory=dict)
    of_clusters: Mapping[str, ClusterSignals] = field(default_factory=dict)
    commerce: Mapping[str, Commerce] = field(default_factory=dict)


def read_signals(tables: Mapping[str, pa.Table]) -> Signals:
    """Read signals and what influencers sell.

    Raises
    ------
    ModelInputError
        When a table or a column is missing or of another type.
    """
    rows = sorted(
        read_rows(tables, "rpt_influencer_signals", Signal), key=lambda row: (row.influencer_key, row.signal_order)
    )
    return Signals(
        {key: tuple(group) for key, group in groupby(rows, key=lambda row: row.influencer_key)},
        {row.cluster_key: row for row in read_rows(tables, "rpt_cluster_signals", ClusterSignals)},
        {row.influencer_key: row for row in read_rows(tables, "rpt_influencer_commerce", Commerce)},
    )
