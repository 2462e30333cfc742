-- Grain: one row per landed post row that cannot be used, with its reasons.
with parsed as (

    select * from {{ ref('stg_posts_parsed') }}

)

select *
from parsed
where quarantine_reasons is not null
