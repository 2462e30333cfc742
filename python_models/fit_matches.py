"""Grain: one row per event between the accepted model and this fit: clusters kept, born, died, split and merged."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    overlaps = dbt.ref("fit_overlaps").to_arrow_table()
    fitted = dbt.ref("fit_cluster_stability").to_arrow_table()
    predecessors = dbt.ref("fit_predecessors").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import match_clusters

    return match_clusters(
        overlaps,
        fitted,
        predecessors,
        min_jaccard=float(meta["min_jaccard"]),
        max_centre_distance=float(meta["max_centre_distance"]),
        min_transfer_share=float(meta["min_transfer_share"]),
    )
