"""Rows of the ``rpt_*`` tables behind the page on the data: what is known, what was left out, what figures rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from tribu.report.arrow import read_row, read_rows


@dataclass(frozen=True, slots=True)
class MissingValue:
    """A row of ``rpt_missing_values``: of how many influencers of a platform a feature is known."""

    platform: str
    feature: str
    feature_order: int
    influencers: int
    known_influencers: int
    known_share_ratio: float
    is_compared: bool


@dataclass(frozen=True, slots=True)
class RejectReason:
    """A row of ``rpt_reject_reasons``: why records of a source could not be split into cells."""

    source: str
    reason: str
    records: int


@dataclass(frozen=True, slots=True)
class UnreadValue:
    """A row of ``rpt_unread_values``: values of a column that could not be read."""

    table_name: str
    column_name: str
    problem: str
    rows: int


@dataclass(frozen=True, slots=True)
class CollectionRun:
    """A row of ``rpt_collection_runs``: a run of ``tribu collect``, and what it is missing."""

    run_id: str
    platform: str
    status: str
    reason: str | None
    started_on: date
    accounts_asked: int
    accounts_settled: int
    accounts_unseen: int
    accounts_missing: int
    accounts_short: int
    posts_expected: int
    posts_received: int


@dataclass(frozen=True, slots=True)
class DataQuality:
    """The one row of ``rpt_data_quality``: what the figures rest on."""

    observations: int
    observations_assumed_date: int
    posts: int
    posts_without_date: int
    posts_without_disclosure: int
    influencers: int
    influencers_measured: int
    influencers_stated: int
    influencers_without_engagement: int
    influencers_imputed: int
    influencers_all_imputed: int
    known_share_ratio: float


@dataclass(frozen=True, slots=True)
class Identity:
    """The one row of ``rpt_identity``: changed names, people with several accounts, counts that cannot be."""

    renames_kept: int
    renames_applied: int
    renames_proposed: int
    links_stated: int
    links_applied: int
    people: int
    people_with_several_accounts: int
    influencers_observed_again: int
    influencers_with_change: int
    influencers_with_growth: int
    counter_resets: int
    counter_jumps: int


QUALITY_TABLES: Final[Mapping[str, type]] = {
    "rpt_missing_values": MissingValue,
    "rpt_reject_reasons": RejectReason,
    "rpt_unread_values": UnreadValue,
    "rpt_data_quality": DataQuality,
    "rpt_identity": Identity,
    "rpt_collection_runs": CollectionRun,
}
"""The tables behind the page on the data, with the class of their rows."""


@dataclass(frozen=True)
class QualityData:
    """What the page on the data shows beside the counts of the overview, each list in the order of the page."""

    missing_values: tuple[MissingValue, ...]
    reject_reasons: tuple[RejectReason, ...]
    unread_values: tuple[UnreadValue, ...]
    figures: DataQuality
    identity: Identity
    collection_runs: tuple[CollectionRun, ...]


def read_quality_data(tables: Mapping[str, pa.Table]) -> QualityData:
    """Read and order the tables behind the page on the data.

    Raises
    ------
    ModelInputError
        When a table or a column is missing, a column has another type, a value that must be known is null, or
        ``rpt_data_quality`` or ``rpt_identity`` has not exactly one row.
    """
    return QualityData(
        missing_values=tuple(
            sorted(
                read_rows(tables, "rpt_missing_values", MissingValue),
                key=lambda row: (row.feature_order, row.feature, row.platform),
            )
        ),
        reject_reasons=tuple(
            sorted(
                read_rows(tables, "rpt_reject_reasons", RejectReason),
                key=lambda row: (-row.records, row.source, row.reason),
            )
        ),
        unread_values=tuple(
            sorted(
                read_rows(tables, "rpt_unread_values", UnreadValue),
                key=lambda row: (row.table_name, -row.rows, row.column_name, row.problem),
            )
        ),
        figures=read_row(tables, "rpt_data_quality", DataQuality),
        identity=read_row(tables, "rpt_identity", Identity),
        collection_runs=tuple(
            sorted(read_rows(tables, "rpt_collection_runs", CollectionRun), key=lambda row: row.run_id, reverse=True)
        ),
    )
