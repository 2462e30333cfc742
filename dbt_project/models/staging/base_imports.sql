-- Grain: one row per imported file and table it fed, as found.
{{ config(materialized='ephemeral') }}

select * from {{ landing_table('imports') }}
