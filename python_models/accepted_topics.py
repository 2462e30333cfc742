"""Grain: one row per topic and term of the accepted model."""


def model(dbt, session):
    dbt.config(materialized="table", schema="accepted")
    request = dbt.ref("build_request").to_arrow_table()

    from tribu.registry import accepted_section

    return accepted_section("topics", request)
