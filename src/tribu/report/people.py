"""The influencers with a page of their own, as typed rows: what `tribu.report.data` reads of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

import pyarrow as pa

from tribu.errors import ModelInputError
from tribu.report.arrow import read_rows


@dataclass(frozen=True, slots=True)
class Person:
    """A row of ``rpt_influencer_pages``: one influencer with a page."""

    influencer_key: str
    platform: str
    account_id: str | None
    handle: str | None
    display_name: str | None
    profile_url: str | None
    country: str | None
    category: str | None
    tier: str | None
    cluster_key: str
    runner_up_cluster_key: str | None
    engagement_basis: str | None
    observed_at: datetime | None
    followers_count: int | None
    followers_change_count: int | None
    followers_change_since: date | None
    known_posts_count: int
    window_posts_count: int
    confidence: float | None
    lookalikes_are_exact: bool


@dataclass(frozen=True, slots=True)
class PersonMetric:
    """A row of ``rpt_influencer_metrics``: one feature of one of them, beside the cohort."""

    influencer_key: str
    feature: str
    feature_label_en: str
    feature_label_fr: str
    block: str
    feature_order: int
    unit: str
    value: float | None
    percentile: float | None
    cohort_step: str | None
    cohort_influencers: int | None
    cohort_median: float | None
    is_imputed: bool


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A row of ``rpt_influencer_lookalikes``: somebody who is much like one of them."""

    influencer_key: str
    rank: int
    lookalike_key: str
    platform: str
    handle: str | None
    display_name: str | None
    profile_url: str | None
    tier: str | None
    cluster_key: str
    followers_count: int | None
    er_followers: float | None
    alike_1_feature: str | None
    alike_2_feature: str | None
    alike_3_feature: str | None
    apart_feature: str | None
    distance: float
    shared_features: int

    @property
    def alike(self) -> tuple[str, ...]:
        """The features that make the two alike, the most telling first."""
        found = (self.alike_1_feature, self.alike_2_feature, self.alike_3_feature)
        return tuple(feature for feature in found if feature is not None)


PEOPLE_TABLES: Final[Mapping[str, type]] = {
    "rpt_influencer_pages": Person,
    "rpt_influencer_metrics": PersonMetric,
    "rpt_influencer_lookalikes": Lookalike,
}
"""The tables that these pages are made of, with the class of their rows."""


@dataclass(frozen=True)
class People:
    """The influencers with a page, the largest first, and what their pages show, by key."""

    persons: tuple[Person, ...] = ()
    metrics: Mapping[str, tuple[PersonMetric, ...]] | None = None
    lookalikes: Mapping[str, tuple[Lookalike, ...]] | None = None

    @property
    def keys(self) -> frozenset[str]:
        """Keys of those who have a page."""
        return frozenset(person.influencer_key for person in self.persons)

    def metrics_of(self, influencer_key: str) -> tuple[PersonMetric, ...]:
        """List the features of one of them in the order of the catalogue."""
        return (self.metrics or {}).get(influencer_key, ())

    def lookalikes_of(self, influencer_key: str) -> tuple[Lookalike, ...]:
        """List who is like one of them, the nearest first."""
        return (self.lookalikes or {}).get(influencer_key, ())


def read_people(tables: Mapping[str, pa.Table]) -> People:
    """Read the influencers with a page.

    Raises
    ------
    ModelInputError
        When a table or a column is missing or of another type, or an influencer has two pages.
    """
    persons = sorted(
        read_rows(tables, "rpt_influencer_pages", Person),
        key=lambda row: (-(row.followers_count or -1), row.influencer_key),
    )
    keys = [person.influencer_key for person in persons]
    if len(set(keys)) < len(keys):
        raise ModelInputError(
            expected="one row per influencer_key in rpt_influencer_pages",
            got=f"{len(keys) - len(set(keys))} more",
            remedy="run `dbt build` and read the tables of one build",
        )
    metrics = sorted(
        read_rows(tables, "rpt_influencer_metrics", PersonMetric),
        key=lambda row: (row.influencer_key, row.feature_order, row.feature),
    )
    lookalikes = sorted(
        read_rows(tables, "rpt_influencer_lookalikes", Lookalike),
        key=lambda row: (row.influencer_key, row.rank),
    )
    return People(
        tuple(persons),
        {key: tuple(rows) for key, rows in groupby(metrics, key=lambda row: row.influencer_key)},
        {key: tuple(rows) for key, rows in groupby(lookalikes, key=lambda row: row.influencer_key)},
    )
