"""Grain: one row per prototype of the selected candidate and feature."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("fit_sample").to_arrow_table()
    selection = dbt.ref("ml_selection").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import FitSettings, fit_prototypes

    return fit_prototypes(sample, selection, FitSettings.from_meta(meta))
