-- Grain: one row per usable landed post row.
with parsed as (

    select * from {{ ref('stg_posts_parsed') }}

)

select {{ all_but(['quarantine_reasons']) }}
from parsed
where quarantine_reasons is null
