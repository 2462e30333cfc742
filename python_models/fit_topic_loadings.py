"""Grain: one row per topic and term of the vocabulary, fitted in this build."""


def model(dbt, session):
    dbt.config(materialized="table", schema="features")
    sample = dbt.ref("topic_sample").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import topic_loadings

    return topic_loadings(sample, topics=int(meta["topics"]), seed=int(meta["random_seed"]))
