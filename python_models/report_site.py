"""Grain: one row per file of the site. Stands at the end of the DAG: it is skipped when a test upstream failed."""


def model(dbt, session):
    dbt.config(materialized="table", schema="reporting")
    tables = {
        "rpt_overview": dbt.ref("rpt_overview"),
        "rpt_platforms": dbt.ref("rpt_platforms"),
        "rpt_sources": dbt.ref("rpt_sources"),
        "rpt_row_accounting": dbt.ref("rpt_row_accounting"),
        "rpt_quarantine_reasons": dbt.ref("rpt_quarantine_reasons"),
        "rpt_clusters": dbt.ref("rpt_clusters"),
        "rpt_cluster_profiles": dbt.ref("rpt_cluster_profiles"),
        "rpt_cluster_composition": dbt.ref("rpt_cluster_composition"),
        "rpt_cluster_members": dbt.ref("rpt_cluster_members"),
        "rpt_pictures": dbt.ref("rpt_pictures"),
        "rpt_cluster_terms": dbt.ref("rpt_cluster_terms"),
        "rpt_value_names": dbt.ref("rpt_value_names"),
        "rpt_map_points": dbt.ref("rpt_map_points"),
        "rpt_feature_distributions": dbt.ref("rpt_feature_distributions"),
        "rpt_cluster_history": dbt.ref("rpt_cluster_history"),
        "rpt_cluster_migrations": dbt.ref("rpt_cluster_migrations"),
        "rpt_cluster_events": dbt.ref("rpt_cluster_events"),
        "rpt_cluster_downloads": dbt.ref("rpt_cluster_downloads"),
        "rpt_runs": dbt.ref("rpt_runs"),
        "rpt_missing_values": dbt.ref("rpt_missing_values"),
        "rpt_settings": dbt.ref("rpt_settings"),
        "rpt_reject_reasons": dbt.ref("rpt_reject_reasons"),
        "rpt_unread_values": dbt.ref("rpt_unread_values"),
        "rpt_data_quality": dbt.ref("rpt_data_quality"),
        "rpt_identity": dbt.ref("rpt_identity"),
        "rpt_collection_runs": dbt.ref("rpt_collection_runs"),
        "rpt_features": dbt.ref("rpt_features"),
        "rpt_candidates": dbt.ref("rpt_candidates"),
        "rpt_cluster_drift": dbt.ref("rpt_cluster_drift"),
        "rpt_method": dbt.ref("rpt_method"),
        "rpt_platform_tier_clusters": dbt.ref("rpt_platform_tier_clusters"),
        "rpt_opportunities": dbt.ref("rpt_opportunities"),
        "rpt_changes": dbt.ref("rpt_changes"),
        "rpt_influencers": dbt.ref("rpt_influencers"),
        "rpt_prototypes": dbt.ref("rpt_prototypes"),
        "rpt_data_dictionary": dbt.ref("rpt_data_dictionary"),
        "rpt_influencer_pages": dbt.ref("rpt_influencer_pages"),
        "rpt_influencer_metrics": dbt.ref("rpt_influencer_metrics"),
        "rpt_influencer_lookalikes": dbt.ref("rpt_influencer_lookalikes"),
        "rpt_influencer_signals": dbt.ref("rpt_influencer_signals"),
        "rpt_influencer_commerce": dbt.ref("rpt_influencer_commerce"),
        "rpt_cluster_signals": dbt.ref("rpt_cluster_signals"),
        "rpt_briefs": dbt.ref("rpt_briefs"),
        "rpt_brief_values": dbt.ref("rpt_brief_values"),
        "rpt_brief_criteria": dbt.ref("rpt_brief_criteria"),
        "rpt_brief_matches": dbt.ref("rpt_brief_matches"),
        "rpt_worked_questions": dbt.ref("rpt_worked_questions"),
        "rpt_mart_columns": dbt.ref("rpt_mart_columns"),
    }
    meta = dbt.config.get("meta")

    from tribu.report import render_project_site

    return render_project_site(tables, meta=meta)
