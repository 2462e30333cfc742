"""Grain: one row per event between two accepted models, of all of them."""


def model(dbt, session):
    dbt.config(materialized="table", schema="accepted")
    request = dbt.ref("build_request").to_arrow_table()

    from tribu.registry import accepted_section

    return accepted_section("events", request)
