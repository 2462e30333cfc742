"""Grain: one row per cluster that the accepted model has or its predecessors had."""


def model(dbt, session):
    dbt.config(materialized="table", schema="accepted")
    request = dbt.ref("build_request").to_arrow_table()

    from tribu.registry import accepted_section

    return accepted_section("clusters", request)
