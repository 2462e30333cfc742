"""Grain: one row per principal axis and feature, fitted on the fit sample."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("fit_sample").to_arrow_table()

    from tribu.cluster import pca_axes

    return pca_axes(sample)
