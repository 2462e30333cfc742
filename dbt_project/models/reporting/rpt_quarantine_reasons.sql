-- Grain: one row per landing table and reason. A row with two reasons counts under both.
with reasons as (

    select
        'accounts' as table_name,
        {{ each_item(text_split('quarantine_reasons', ';')) }} as reason
    from {{ ref('quarantined_accounts') }}

    union all

    select
        'posts' as table_name,
        {{ each_item(text_split('quarantine_reasons', ';')) }} as reason
    from {{ ref('quarantined_posts') }}

)

select
    table_name,
    reason,
    count(*) as rows
from reasons
group by
    table_name,
    reason
