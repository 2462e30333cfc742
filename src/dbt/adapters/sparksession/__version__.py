"""The version that dbt prints beside the adapter's name: that of dbt-spark, of which this one is a thin cover."""

version = "1.11.0"
