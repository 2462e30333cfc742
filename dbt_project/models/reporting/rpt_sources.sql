-- Grain: one row per source and landing table.
with accounting as (

    select * from {{ ref('row_accounting') }}

)

select
    coalesce(source, 'not stated') as source,
    table_name,
    count(*) as files,
    cast(sum(rows_read) as bigint) as rows_read,
    cast(sum(rows_landed) as bigint) as rows_landed,
    cast(sum(rows_duplicate) as bigint) as rows_duplicate,
    cast(sum(rows_rejected) as bigint) as rows_rejected
from accounting
group by
    coalesce(source, 'not stated'),
    table_name
