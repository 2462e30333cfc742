-- Grain: one row per rejected record, as found.
{{ config(materialized='ephemeral') }}

select * from {{ landing_table('rejects') }}
