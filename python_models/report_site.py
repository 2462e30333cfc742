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
        "rpt_influencer_pages": dbt.ref("rpt_influencer_pages").to_arrow_table(),
        "rpt_influencer_metrics": dbt.ref("rpt_influencer_metrics").to_arrow_table(),
        "rpt_influencer_lookalikes": dbt.ref("rpt_influencer_lookalikes").to_arrow_table(),
        "rpt_map_points": dbt.ref("rpt_map_points").to_arrow_table(),
    }
    meta = dbt.config.get("meta")

    from tribu.report import render_project_site

    return render_project_site(tables, meta=meta)
