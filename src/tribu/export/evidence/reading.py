"""What the project is made of, read from the warehouse: tables whose size does not grow with the influencers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tribu.errors import WarehouseError
from tribu.export.origin import Origin
from tribu.warehouse import open_warehouse, read_finished_build

if TYPE_CHECKING:
    import pandas as pd

# Every column by name: one that is added to a report later might hold foreign text, which nobody cleans here.
QUERIES: Final[Mapping[str, str]] = {
    "overview": """
        select
            influencers, clusters, posts, rows_landed, rows_quarantined, quarantined_share_ratio, rows_rejected,
            observed_from, observed_to, algorithm, k, selection_reason, silhouette, null_silhouette, stability,
            fidelity, structure_found, candidates_count, noise_influencers, fit_rows, pca_1_variance_ratio,
            pca_2_variance_ratio, cluster_run_id, built_at, source_kind
        from reporting.rpt_overview
    """,
    "platforms": "select platform, influencers, posts, share_ratio from reporting.rpt_platforms",
    "sources": """
        select source, table_name, files, rows_read, rows_landed, rows_duplicate, rows_rejected
        from reporting.rpt_sources
    """,
    "row_accounting": """
        select table_name, rows_landed, rows_used, rows_superseded, rows_quarantined
        from reporting.rpt_row_accounting
    """,
    "quarantine_reasons": "select table_name, reason, rows from reporting.rpt_quarantine_reasons",
    "candidates": """
        select
            candidate_id, algorithm, k, silhouette, null_silhouette, stability, stability_reading, fidelity,
            smallest_share_ratio, noise_share_ratio, passes_k, passes_shares, passes_noise, passes_fidelity,
            passes_stability, beats_null, is_selected
        from reporting.rpt_candidates
    """,
    "clusters": """
        select
            cluster_key, cluster_name_en, cluster_name_fr, cluster_order, influencers, share_ratio, main_platform,
            main_platform_share_ratio, main_tier, main_category, followers_median, er_followers_median,
            posts_per_week_median, borderline_share_ratio, is_noise, stability, stability_reading, nearest_cluster_key,
            nearest_cluster_share_ratio, rule_sql, rule_influencers, rule_members, rule_precision_ratio,
            rule_recall_ratio
        from reporting.rpt_clusters
    """,
    "profiles": """
        select
            cluster_key, feature, feature_label_en, feature_label_fr, feature_order, unit, cluster_median, cluster_q1,
            cluster_q3, overall_median, robust_z, nearest_cluster_median, robust_z_to_nearest, known_share_ratio
        from reporting.rpt_cluster_profiles
    """,
    "composition": """
        select cluster_key, dimension, value, influencers, share_ratio, overall_share_ratio
        from reporting.rpt_cluster_composition
    """,
    "members": """
        select
            cluster_key, role, rank, influencer_key, platform, handle, display_name, profile_url, tier, country,
            category, followers_count, er_followers, posts_per_week, confidence, runner_up_cluster_key
        from reporting.rpt_cluster_members
    """,
    # whom the map shows is a report's choice; where they stand is a fact of the mart
    "map_points": """
        select
            points.influencer_key, points.platform, points.handle, points.display_name, points.tier,
            points.followers_count, points.cluster_key, influencers.pca_1 as x, influencers.pca_2 as y
        from reporting.rpt_map_points as points
        inner join marts.dim_influencers as influencers
            on points.influencer_key = influencers.influencer_key
    """,
    "platform_tiers": """
        select platform, tier, cluster_key, count(*) as influencers
        from marts.dim_influencers
        group by platform, tier, cluster_key
    """,
    "tier_names": "select tier, tier_order, label_en, label_fr from reference.tiers",
    "category_names": "select category, label_en, label_fr from reference.category_names",
}


def read_evidence_tables(warehouse: Path) -> tuple[dict[str, pd.DataFrame], Origin]:
    """Read the tables that the project shows, and the build that they come from.

    Raises
    ------
    WarehouseError
        When the warehouse is absent, locked, holds no finished build, or lacks a table.
    """
    import duckdb

    with open_warehouse(warehouse) as connection:
        build = read_finished_build(connection, warehouse)
        try:
            tables = {name: connection.sql(query).df() for name, query in QUERIES.items()}
        except duckdb.CatalogException as error:
            raise WarehouseError(
                expected=f"the tables of schemas reporting and marts in {warehouse}",
                got=str(error).splitlines()[0],
                remedy="run dbt build to its end with this version of Tribu",
            ) from error
    return tables, Origin(build["cluster_run_id"], build["built_at"], build["source_kind"])
