"""Grain: one row per algorithm and number of clusters tried, with its scores on the fit sample."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("fit_sample").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import evaluate_candidates

    return evaluate_candidates(
        sample,
        k_min=int(meta["k_min"]),
        k_max=int(meta["k_max"]),
        restarts=int(meta["restarts"]),
        silhouette_rows=int(meta["silhouette_rows"]),
        seed=int(meta["random_seed"]),
    )
