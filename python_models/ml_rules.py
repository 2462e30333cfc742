"""Grain: one row per cluster of the fit sample: the SQL predicate that describes it."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("rule_sample").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import fit_rules

    return fit_rules(sample, max_depth=int(meta["max_depth"]), min_leaf_share=float(meta["min_leaf_share"]))
