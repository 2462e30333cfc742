"""Grain: one row per algorithm and setting tried in this fit, with its figures on the fit sample."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("fit_sample").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import FitSettings, evaluate_candidates

    return evaluate_candidates(sample, FitSettings.from_meta(meta))
