"""Rows of the tables that only the overview shows, made of the people that the other tables were drawn from."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

Rows = dict[str, list[dict[str, Any]]]

TIER_ORDER = {"nano": 1, "micro": 2, "mid": 3, "macro": 4, "mega": 5, "unknown": 6}
# rule, conditions (measure, statistic, comparison, threshold), clusters that meet it
RULES = (
    (
        "unsold_attention",
        (("er_followers", "robust_z", "at_least", 0.5), ("sponsored_ratio", "median", "at_most", 0.05)),
        {0, 6},
    ),
    ("engaged_small_accounts", (("er_followers", "cohort_ratio", "at_least", 1.25),), {1}),
    (
        "growing",
        (("growth_30d_ratio", "robust_z", "at_least", 0.5), ("growth_30d_ratio", "median", "at_least", 0.02)),
        {2},
    ),
    ("paid_posts_that_work", (("paid_performance_ratio", "median", "at_least", 0.9),), set()),
    ("niche_audience", (("category", "share", "at_least", 0.2), ("category", "lift", "at_least", 1.5)), {3}),
)


def add_overview_rows(rows: Rows, members: list[dict[str, Any]]) -> None:
    """Add the rows to ``rows``; ``members`` are all influencers, as in ``rpt_cluster_members``."""
    names = {row["cluster_key"]: (row["cluster_name_en"], row["cluster_name_fr"]) for row in rows["rpt_clusters"]}
    cells = Counter((member["platform"], member["tier"], member["cluster_key"]) for member in members)
    sizes = Counter((member["platform"], member["tier"]) for member in members)
    for (platform, tier, cluster_key), influencers in cells.items():
        rows["rpt_platform_tier_clusters"].append(
            {
                "platform": platform,
                "tier": tier,
                "cluster_key": cluster_key,
                "tier_order": TIER_ORDER[tier],
                "influencers": influencers,
                "tier_influencers": sizes[platform, tier],
                "share_ratio": influencers / sizes[platform, tier],
                "is_small": sizes[platform, tier] < 10,
            }
        )
    for order, (rule, conditions, meeting) in enumerate(RULES, start=1):
        for position, cluster in enumerate(rows["rpt_clusters"]):
            rows["rpt_opportunities"].append(opportunity(rule, order, conditions, cluster, position in meeting))
    for key, (english, french) in list(names.items())[:1]:
        rows["rpt_changes"].append(change("born", key, english, french, is_since_run_before=True))
    if names:
        rows["rpt_changes"].append(change("died", "c98", "Lost voices", "Voix perdues", is_since_run_before=True))
        rows["rpt_changes"].append(
            {
                **change(
                    "split",
                    "c01",
                    *names["c01"],
                    is_since_run_before=True,
                ),
                "other_cluster_key": "c98",
                "other_cluster_name_en": "Lost voices",
                "other_cluster_name_fr": "Voix perdues",
                "share_ratio": 0.45,
            }
        )
        rows["rpt_changes"].append(
            {
                **dict.fromkeys(rows["rpt_changes"][0]),
                "change": "shifting",
                "feature": "er_followers",
                "feature_label_en": "Engagement of followers",
                "feature_label_fr": "Engagement des abonnés",
                "population_stability_index": 0.14,
                "is_since_run_before": False,
            }
        )
    ranked = sorted(members, key=lambda member: (-member["followers_count"], member["influencer_key"]))
    for rank, member in enumerate(ranked, start=1):
        english, french = names[member["cluster_key"]]
        rows["rpt_influencers"].append(
            {
                **{name: value for name, value in member.items() if name != "role"},
                "rank": rank,
                "cluster_name_en": english,
                "cluster_name_fr": french,
                "er_views": None,
                "days_since_last_post": 3,
                "sponsored_ratio": 0.125,
                "growth_30d_ratio": -0.01,
                "followers_change_count": -12,
                "followers_change_since": date(2026, 11, 18),
                "observed_on": date(2026, 11, 20),
            }
        )
    for number, key in enumerate(names, start=1):
        rows["rpt_prototypes"].append(
            {
                "prototype_id": number,
                "feature": "followers_count",
                "cluster_key": key,
                "centre": -0.123456789,
                "weight": 1.0,
                "bias": 0.0,
                "radius": None,
            }
        )
    for position, column in enumerate(("cluster_key", "influencers"), start=1):
        rows["rpt_data_dictionary"].append(
            {
                "table_name": "rpt_clusters",
                "column_position": position,
                "column_name": column,
                "data_type": "varchar",
                "description": "-1-1. Made up.",
            }
        )


def opportunity(
    rule: str,
    order: int,
    conditions: tuple[tuple[str, str, str, float], ...],
    cluster: dict[str, Any],
    met: bool,
) -> dict[str, Any]:
    """Judge a rule on a cluster; what nobody meets is not known of anybody."""
    known = rule != "paid_posts_that_work"
    members = cluster["influencers"]
    row: dict[str, Any] = {
        "rule_name": rule,
        "cluster_key": cluster["cluster_key"],
        "rule_order": order,
        "verdict": "not_known" if not known else "met" if met else "not_met",
        "niche": "beauty" if rule == "niche_audience" else None,
        "members": members,
        "known_members": members - 1 if known else 2,
        "known_share_ratio": (members - 1) / members if known else 2 / members,
        "least_known_measure": conditions[-1][0],
        "stability_reading": cluster["stability_reading"],
    }
    for place in (1, 2):
        there = place <= len(conditions)
        for name, value in zip(
            ("measure", "statistic", "comparison", "threshold"),
            conditions[place - 1] if there else (None,) * 4,
            strict=True,
        ):
            row[f"{name}_{place}"] = value
        row[f"measured_{place}"] = 1.75 if there and known else None
    return row


def change(kind: str, key: str, english: str, french: str, *, is_since_run_before: bool) -> dict[str, Any]:
    """Tell what became of a cluster."""
    return {
        "change": kind,
        "cluster_key": key,
        "other_cluster_key": None,
        "feature": None,
        "cluster_name_en": english,
        "cluster_name_fr": french,
        "other_cluster_name_en": None,
        "other_cluster_name_fr": None,
        "feature_label_en": None,
        "feature_label_fr": None,
        "share_ratio": None,
        "population_stability_index": None,
        "is_since_run_before": is_since_run_before,
    }
