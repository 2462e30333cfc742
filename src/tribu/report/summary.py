"""``report.json``: every number that the pages state, unrounded, for programs and for tests.

Keys keep one order, and nothing in it depends on the time or the machine of the rendering: the same tables
give the same bytes. It names influencers by key only; their names and handles stay on the pages.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from tribu.report.briefs import BriefMatch
from tribu.report.data import Member, ReportData, Role

FORMAT: Final = "tribu-report"
VERSION: Final = 1
"""Raised when a key changes its meaning or goes; new keys come without."""

_ROLES: Final[tuple[Role, ...]] = ("typical", "borderline", "largest")
_MEMBER_NUMBERS: Final = (
    "rank",
    "influencer_key",
    "followers_count",
    "er_followers",
    "posts_per_week",
    "confidence",
    "runner_up_cluster_key",
)
_PERSON_NUMBERS: Final = (
    "influencer_key",
    "platform",
    "tier",
    "category",
    "country",
    "cluster_key",
    "runner_up_cluster_key",
    "confidence",
    "followers_count",
    "observed_at",
    "lookalikes_are_exact",
)
_MATCH_NUMBERS: Final = (
    "rank",
    "influencer_key",
    "cluster_key",
    "score",
    "engagement_part",
    "activity_part",
    "availability_part",
    "keywords_part",
    "similarity_part",
    "reasons_for",
    "reasons_against",
    "is_within_budget",
)
_LOOKALIKE_NUMBERS: Final = (
    "rank",
    "lookalike_key",
    "cluster_key",
    "alike",
    "apart_feature",
    "distance",
    "shared_features",
)


def summarise(data: ReportData, *, is_pseudonymised: bool = False) -> dict[str, Any]:
    """Gather the numbers of the report into one tree."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "is_pseudonymised": is_pseudonymised,
        "overview": asdict(data.overview),
        "platforms": [asdict(row) for row in data.platforms],
        "sources": [asdict(row) for row in data.sources],
        "row_accounting": [asdict(row) for row in data.row_accounts],
        "quarantine_reasons": [asdict(row) for row in data.quarantine_reasons],
        "pictures": [asdict(row) for row in data.pictures],
        "missing_values": [asdict(row) for row in data.quality.missing_values],
        "reject_reasons": [asdict(row) for row in data.quality.reject_reasons],
        "collection_runs": [asdict(row) for row in data.quality.collection_runs],
        "unread_values": [asdict(row) for row in data.quality.unread_values],
        "data_quality": asdict(data.quality.figures),
        "identity": asdict(data.quality.identity),
        "method": asdict(data.method.facts),
        "features": [asdict(row) for row in data.method.features],
        "candidates": [asdict(row) for row in data.method.candidates],
        "cluster_drift": [asdict(row) for row in data.method.cluster_drift],
        "settings": [asdict(row) for row in data.method.settings],
        "runs": [asdict(row) for row in data.method.runs],
        "platform_tier_clusters": [asdict(row) for row in data.overview_rows.tier_clusters],
        "opportunities": [asdict(row) for row in data.overview_rows.opportunities],
        "changes": [asdict(row) for row in data.overview_rows.changes],
        "downloads": {
            "influencers_written": len(data.overview_rows.influencers),
            "influencers_left_out": data.overview.influencers - len(data.overview_rows.influencers),
        },
        "clusters": [
            {
                **asdict(cluster),
                "map_points": len(data.map_points.get(cluster.cluster_key, ())),
                "profiles": [_without_cluster(asdict(row)) for row in data.profiles.get(cluster.cluster_key, ())],
                "composition": [_without_cluster(asdict(row)) for row in data.composition.get(cluster.cluster_key, ())],
                "terms": [_without_cluster(asdict(row)) for row in data.terms.get(cluster.cluster_key, ())],
                **_history(data, cluster.cluster_key),
                "members": {
                    role: [_member(row) for row in data.members_in_role(cluster.cluster_key, role)] for role in _ROLES
                },
            }
            for cluster in data.clusters
        ],
        "briefs": [
            {
                **asdict(brief),
                "criteria": [asdict(row) for row in data.briefs.criteria_of(brief.brief_id)],
                "matches": [_match(row) for row in data.briefs.matches_of(brief.brief_id)],
            }
            for brief in data.briefs.briefs
        ],
        "influencer_pages": [
            {
                **{name: getattr(person, name) for name in _PERSON_NUMBERS},
                "metrics": [_without_key(asdict(row)) for row in data.people.metrics_of(person.influencer_key)],
                "lookalikes": [
                    {name: getattr(row, name) for name in _LOOKALIKE_NUMBERS}
                    for row in data.people.lookalikes_of(person.influencer_key)
                ],
            }
            for person in data.people.persons
        ],
    }


def write_summary(data: ReportData, *, is_pseudonymised: bool = False) -> str:
    """Write the tree as JSON text, indented, dates in ISO 8601."""
    return (
        json.dumps(
            summarise(data, is_pseudonymised=is_pseudonymised),
            ensure_ascii=False,
            allow_nan=False,
            indent=2,
            default=_iso_text,
        )
        + "\n"
    )


def _history(data: ReportData, key: str) -> dict[str, Any]:
    """Spreads as lists of shares, for a row per bin would be half of the file; and what has become of the cluster."""
    spreads = {
        feature: list(bins) for feature, bins in groupby(data.distributions.get(key, ()), key=lambda row: row.feature)
    }
    return {
        "distributions": [
            {
                "feature": feature,
                "edges": [bins[0].bin_from, *(row.bin_to for row in bins)],
                "influencers": [row.influencers for row in bins],
                "overall_share_ratios": [row.overall_share_ratio for row in bins],
            }
            for feature, bins in spreads.items()
        ],
        "history": [_without_cluster(asdict(row)) for row in data.history.get(key, ())],
        "migrations": [_without_cluster(asdict(row)) for row in data.flows.get(key, ())],
        "events": [_without_cluster(asdict(row)) for row in data.events.get(key, ())],
        "download_rows": len(data.downloads.get(key, ())),
    }


def _without_cluster(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "cluster_key"}


def _without_key(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "influencer_key"}


def _member(row: Member) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _MEMBER_NUMBERS}


def _match(row: BriefMatch) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _MATCH_NUMBERS}


def _iso_text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"not a value of report.json: {value!r}")
