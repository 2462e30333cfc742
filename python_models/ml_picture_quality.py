"""Grain: one row per method and number of dimensions: how far that picture of the sample can be believed."""


def model(dbt, session):
    dbt.config(materialized="table", schema="clustering")
    sample = dbt.ref("picture_sample").to_arrow_table()
    pictures = dbt.ref("ml_projection").to_arrow_table()
    previous = dbt.ref("ml_projection_previous").to_arrow_table()
    meta = dbt.config.get("meta")

    from tribu.cluster import PictureSettings, picture_quality

    return picture_quality(sample, pictures, previous, PictureSettings.from_meta(meta))
