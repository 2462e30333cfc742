-- Grain: one row per influencer and moment of observation.
with account_rows as (

    select * from {{ ref('int_account_rows') }}

)

select {{ all_but(['is_used']) }}
from account_rows
where is_used
