-- Grain: one row per landed post row, as found.
{{ config(materialized='ephemeral') }}

select * from {{ landing_table('posts') }}
