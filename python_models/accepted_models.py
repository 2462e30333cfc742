"""Grain: one row per accepted model that is kept: what it is, for the history of runs."""


def model(dbt, session):
    dbt.config(materialized="table", schema="accepted")
    request = dbt.ref("build_request").to_arrow_table()

    from tribu.registry import accepted_section

    return accepted_section("models", request)
