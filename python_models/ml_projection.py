"""Grain: one row per method, number of dimensions and influencer of the picture sample: its place in that picture."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("picture_sample").to_arrow_table()
    previous = dbt.ref("ml_projection_previous").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import PictureSettings, draw_pictures

    return draw_pictures(sample, previous, PictureSettings.from_meta(meta))
