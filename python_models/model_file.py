"""Grain: one row per build: the file of the model in force, written where every test of the clusters has passed."""


def model(dbt, session):
    dbt.config(materialized="table", schema="audit")
    tables = {
        "ml_runs": dbt.ref("ml_runs").to_arrow_table(),
        "ml_selection": dbt.ref("ml_selection").to_arrow_table(),
        "ml_candidates": dbt.ref("ml_candidates").to_arrow_table(),
        "ftr_scaling": dbt.ref("ftr_scaling").to_arrow_table(),
        "ftr_reference": dbt.ref("ftr_reference").to_arrow_table(),
        "ml_topic_loadings": dbt.ref("ml_topic_loadings").to_arrow_table(),
        "ftr_topic_scaling": dbt.ref("ftr_topic_scaling").to_arrow_table(),
        "ml_prototypes": dbt.ref("ml_prototypes").to_arrow_table(),
        "ml_clusters": dbt.ref("ml_clusters").to_arrow_table(),
        "ml_cluster_names": dbt.ref("ml_cluster_names").to_arrow_table(),
        "ml_pca_axes": dbt.ref("ml_pca_axes").to_arrow_table(),
        "ml_cluster_events": dbt.ref("ml_cluster_events").to_arrow_table(),
        "dim_clusters": dbt.ref("dim_clusters").to_arrow_table(),
    }

    from tribu.registry import accept_model

    return accept_model(tables)
