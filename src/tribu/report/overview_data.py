"""The ``rpt_*`` tables that only the overview and its files show, as typed rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from tribu.errors import ModelInputError
from tribu.report.arrow import read_rows


@dataclass(frozen=True, slots=True)
class TierCluster:
    """A row of ``rpt_platform_tier_clusters``: the influencers of one platform and tier in one cluster."""

    platform: str
    tier: str
    cluster_key: str
    tier_order: int
    influencers: int
    tier_influencers: int
    share_ratio: float
    is_small: bool


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A row of ``rpt_opportunities``: one rule judged on one cluster; the second condition may be absent."""

    rule_name: str
    cluster_key: str
    rule_order: int
    verdict: str
    measure_1: str
    statistic_1: str
    comparison_1: str
    threshold_1: float
    measured_1: float | None
    measure_2: str | None
    statistic_2: str | None
    comparison_2: str | None
    threshold_2: float | None
    measured_2: float | None
    niche: str | None
    members: int
    known_members: int
    known_share_ratio: float
    least_known_measure: str
    stability_reading: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A row of ``rpt_changes``: what became of a cluster, or how far a feature has drifted."""

    change: str
    cluster_key: str | None
    other_cluster_key: str | None
    feature: str | None
    cluster_name_en: str | None
    cluster_name_fr: str | None
    other_cluster_name_en: str | None
    other_cluster_name_fr: str | None
    feature_label_en: str | None
    feature_label_fr: str | None
    share_ratio: float | None
    population_stability_index: float | None
    is_since_run_before: bool


@dataclass(frozen=True, slots=True)
class Influencer:
    """A row of ``rpt_influencers``: an influencer of the file ``influencers.csv``."""

    influencer_key: str
    rank: int
    platform: str
    handle: str | None
    display_name: str | None
    profile_url: str | None
    country: str | None
    category: str | None
    tier: str | None
    cluster_key: str
    cluster_name_en: str
    cluster_name_fr: str | None
    confidence: float | None
    runner_up_cluster_key: str | None
    followers_count: int | None
    er_followers: float | None
    er_views: float | None
    posts_per_week: float | None
    days_since_last_post: int | None
    sponsored_ratio: float | None
    growth_30d_ratio: float | None
    followers_change_count: int | None
    followers_change_since: date | None
    observed_on: date | None


@dataclass(frozen=True, slots=True)
class Prototype:
    """A row of ``rpt_prototypes``: one feature of one prototype of the model."""

    prototype_id: int
    feature: str
    cluster_key: str
    centre: float
    weight: float
    bias: float
    radius: float | None


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """A row of ``rpt_data_dictionary``: one column of a table that is offered as a file."""

    table_name: str
    column_position: int
    column_name: str
    data_type: str
    description: str


OVERVIEW_TABLES: Final[Mapping[str, type]] = {
    "rpt_platform_tier_clusters": TierCluster,
    "rpt_opportunities": Opportunity,
    "rpt_changes": Change,
    "rpt_influencers": Influencer,
    "rpt_prototypes": Prototype,
    "rpt_data_dictionary": DictionaryEntry,
}
"""The tables of this module, with the class of their rows."""


@dataclass(frozen=True)
class OverviewRows:
    """The rows of these tables, each list in the order in which it is shown."""

    tier_clusters: tuple[TierCluster, ...]
    opportunities: tuple[Opportunity, ...]
    changes: tuple[Change, ...]
    influencers: tuple[Influencer, ...]
    prototypes: tuple[Prototype, ...]
    dictionary: tuple[DictionaryEntry, ...]


def read_overview_rows(tables: Mapping[str, pa.Table], cluster_keys: Sequence[str]) -> OverviewRows:
    """Read and order the tables of this module.

    Parameters
    ----------
    tables
        The ``rpt_*`` tables by name.
    cluster_keys
        The clusters in their order, those of ``rpt_clusters``.

    Raises
    ------
    ModelInputError
        As `read_rows`, and when a row that must belong to a cluster belongs to none of ``cluster_keys``.
    """
    place = {key: position for position, key in enumerate(cluster_keys)}
    tier_clusters = read_rows(tables, "rpt_platform_tier_clusters", TierCluster)
    opportunities = read_rows(tables, "rpt_opportunities", Opportunity)
    influencers = read_rows(tables, "rpt_influencers", Influencer)
    for name, keys in (
        ("rpt_platform_tier_clusters", {row.cluster_key for row in tier_clusters}),
        ("rpt_opportunities", {row.cluster_key for row in opportunities}),
        ("rpt_influencers", {row.cluster_key for row in influencers}),
    ):
        _refuse_strangers(name, keys, place)
    last = len(place)
    return OverviewRows(
        tier_clusters=tuple(
            sorted(
                tier_clusters,
                key=lambda row: (row.platform, row.tier_order, row.tier, place[row.cluster_key]),
            )
        ),
        opportunities=tuple(
            sorted(opportunities, key=lambda row: (row.rule_order, row.rule_name, place[row.cluster_key]))
        ),
        changes=tuple(
            sorted(
                read_rows(tables, "rpt_changes", Change),
                key=lambda row: (
                    row.change,
                    place.get(row.cluster_key or "", last),
                    row.cluster_key or "",
                    -(row.population_stability_index or row.share_ratio or 0.0),
                    row.other_cluster_key or "",
                    row.feature or "",
                ),
            )
        ),
        influencers=tuple(sorted(influencers, key=lambda row: (row.rank, row.influencer_key))),
        prototypes=tuple(
            sorted(read_rows(tables, "rpt_prototypes", Prototype), key=lambda row: (row.prototype_id, row.feature))
        ),
        dictionary=tuple(
            sorted(
                read_rows(tables, "rpt_data_dictionary", DictionaryEntry),
                key=lambda row: (row.table_name, row.column_position, row.column_name),
            )
        ),
    )


def _refuse_strangers(table: str, keys: Iterable[str], known: Mapping[str, int]) -> None:
    strangers = sorted(set(keys) - set(known))
    if strangers:
        raise ModelInputError(
            expected=f"every cluster_key of {table} in rpt_clusters",
            got=", ".join(strangers[:5]),
            remedy="run `dbt build` so that all tables come from one build",
        )
