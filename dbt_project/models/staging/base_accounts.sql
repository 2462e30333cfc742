-- Grain: one row per landed account row, as found.
{{ config(materialized='ephemeral') }}

select * from {{ landing_table('accounts') }}
