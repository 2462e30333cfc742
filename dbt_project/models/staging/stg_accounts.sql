-- Grain: one row per usable landed account row.
with parsed as (

    select * from {{ ref('stg_accounts_parsed') }}

)

select {{ all_but(['quarantine_reasons']) }}
from parsed
where quarantine_reasons is null
