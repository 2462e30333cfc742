"""Grain: one row per cluster of the selected candidate: how far it comes back when it is fitted on other rows."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("fit_sample").to_arrow_table()
    selection = dbt.ref("ml_selection").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import FitSettings, cluster_stability

    return cluster_stability(sample, selection, FitSettings.from_meta(meta))
