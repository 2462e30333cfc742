"""Campaign briefs and who answers them, as typed rows: what `tribu.report.data` reads of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Protocol, TypeVar

import pyarrow as pa

from tribu.report.arrow import read_rows


@dataclass(frozen=True, slots=True)
class Brief:
    """A row of ``rpt_briefs``: a campaign brief, its figures and its counts."""

    brief_id: str
    brief_order: int
    title: str
    followers_min: float | None
    followers_max: float | None
    er_followers_min: float | None
    er_followers_max: float | None
    sponsored_ratio_max: float | None
    posts: float | None
    budget: float | None
    currency: str | None
    influencers: int
    matches: int
    affordable_matches: int


@dataclass(frozen=True, slots=True)
class BriefValue:
    """A row of ``rpt_brief_values``: a code, a term or an influencer that a brief lists."""

    brief_id: str
    criterion: str
    code: str | None
    term: str | None
    influencer_key: str | None
    platform: str | None
    handle: str | None


@dataclass(frozen=True, slots=True)
class BriefCriterion:
    """A row of ``rpt_brief_criteria``: how many influencers a criterion leaves out."""

    brief_id: str
    criterion_order: int
    criterion: str
    unmet: int
    not_known: int
    only_this: int


@dataclass(frozen=True, slots=True)
class BriefMatch:
    """A row of ``rpt_brief_matches``: who answers a brief; all but ``brief_id`` are columns of its file."""

    brief_id: str
    rank: int
    influencer_key: str
    platform: str
    handle: str | None
    display_name: str | None
    profile_url: str | None
    country: str | None
    category: str | None
    tier: str | None
    cluster_key: str
    followers_count: int | None
    er_followers: float | None
    posts_per_week: float | None
    sponsored_ratio: float | None
    score: float
    engagement_part: float | None
    activity_part: float | None
    availability_part: float | None
    keywords_part: float | None
    similarity_part: float | None
    reasons_for: str | None
    reasons_against: str | None
    cost: float | None
    cumulative_cost: float | None
    is_within_budget: bool


BRIEF_TABLES: Final[Mapping[str, type]] = {
    "rpt_briefs": Brief,
    "rpt_brief_values": BriefValue,
    "rpt_brief_criteria": BriefCriterion,
    "rpt_brief_matches": BriefMatch,
}
"""The tables that the page of the briefs is made of, with the class of their rows."""


@dataclass(frozen=True)
class Briefs:
    """The campaign briefs in their order, and by brief_id what they list, what it leaves out and who answers."""

    briefs: tuple[Brief, ...] = ()
    values: Mapping[str, tuple[BriefValue, ...]] | None = None
    criteria: Mapping[str, tuple[BriefCriterion, ...]] | None = None
    matches: Mapping[str, tuple[BriefMatch, ...]] | None = None

    def values_of(self, brief_id: str, criterion: str) -> tuple[BriefValue, ...]:
        """List what a brief lists for one criterion."""
        return tuple(row for row in (self.values or {}).get(brief_id, ()) if row.criterion == criterion)

    def criteria_of(self, brief_id: str) -> tuple[BriefCriterion, ...]:
        """List the criteria of a brief in their order."""
        return (self.criteria or {}).get(brief_id, ())

    def matches_of(self, brief_id: str) -> tuple[BriefMatch, ...]:
        """List who answers a brief, the best first."""
        return (self.matches or {}).get(brief_id, ())


class _OfBrief(Protocol):
    @property
    def brief_id(self) -> str: ...


_RowT = TypeVar("_RowT", bound=_OfBrief)


def read_briefs(tables: Mapping[str, pa.Table]) -> Briefs:
    """Read the campaign briefs.

    Raises
    ------
    ModelInputError
        When a table or a column is missing or of another type.
    """
    values = sorted(
        read_rows(tables, "rpt_brief_values", BriefValue),
        key=lambda row: (row.brief_id, row.criterion, row.code or row.term or row.handle or row.influencer_key or ""),
    )
    criteria = sorted(
        read_rows(tables, "rpt_brief_criteria", BriefCriterion), key=lambda row: (row.brief_id, row.criterion_order)
    )
    matches = sorted(read_rows(tables, "rpt_brief_matches", BriefMatch), key=lambda row: (row.brief_id, row.rank))
    return Briefs(
        tuple(sorted(read_rows(tables, "rpt_briefs", Brief), key=lambda row: (row.brief_order, row.brief_id))),
        _by_brief(values),
        _by_brief(criteria),
        _by_brief(matches),
    )


def _by_brief(rows: Iterable[_RowT]) -> dict[str, tuple[_RowT, ...]]:
    return {key: tuple(group) for key, group in groupby(rows, key=lambda row: row.brief_id)}
