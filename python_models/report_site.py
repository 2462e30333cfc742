"""Grain: one row per file of the site. Stands at the end of the DAG: it is skipped when a test upstream failed."""


def model(dbt, session):
    dbt.config(materialized="table", schema="reporting")
    tables = {
        "rpt_overview": dbt.ref("rpt_overview").to_arrow_table(),
        "rpt_platforms": dbt.ref("rpt_platforms").to_arrow_table(),
        "rpt_sources": dbt.ref("rpt_sources").to_arrow_table(),
        "rpt_row_accounting": dbt.ref("rpt_row_accounting").to_arrow_table(),
        "rpt_quarantine_reasons": dbt.ref("rpt_quarantine_reasons").to_arrow_table(),
        "rpt_clusters": dbt.ref("rpt_clusters").to_arrow_table(),
        "rpt_cluster_profiles": dbt.ref("rpt_cluster_profiles").to_arrow_table(),
        "rpt_cluster_composition": dbt.ref("rpt_cluster_composition").to_arrow_table(),
        "rpt_cluster_members": dbt.ref("rpt_cluster_members").to_arrow_table(),
        "rpt_pictures": dbt.ref("rpt_pictures").to_arrow_table(),
        "rpt_cluster_terms": dbt.ref("rpt_cluster_terms").to_arrow_table(),
        "rpt_value_names": dbt.ref("rpt_value_names").to_arrow_table(),
        "rpt_map_points": dbt.ref("rpt_map_points").to_arrow_table(),
        "rpt_platform_tier_clusters": dbt.ref("rpt_platform_tier_clusters").to_arrow_table(),
        "rpt_opportunities": dbt.ref("rpt_opportunities").to_arrow_table(),
        "rpt_changes": dbt.ref("rpt_changes").to_arrow_table(),
        "rpt_influencers": dbt.ref("rpt_influencers").to_arrow_table(),
        "rpt_prototypes": dbt.ref("rpt_prototypes").to_arrow_table(),
        "rpt_data_dictionary": dbt.ref("rpt_data_dictionary").to_arrow_table(),
    }

    from tribu.report import render_project_site

    return render_project_site(tables)
