"""Grain: one row per build: the accepted model that this build may score with; none where nothing was accepted yet."""


def model(dbt, session):
    dbt.config(materialized="table", schema="accepted")
    request = dbt.ref("build_request").to_arrow_table()

    from tribu.registry import accepted_section

    return accepted_section("model", request)
