"""Grain: one row per feature and bin: how the feature was distributed when the model was accepted."""


def model(dbt, session):
    dbt.config(materialized="table", schema="accepted")
    request = dbt.ref("build_request").to_arrow_table()

    from tribu.registry import accepted_section

    return accepted_section("reference", request)
