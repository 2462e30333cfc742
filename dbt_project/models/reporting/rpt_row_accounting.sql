-- Grain: one row per landing table: where its rows ended.
with accounting as (

    select * from {{ ref('row_accounting') }}

)

select
    table_name,
    cast(sum(rows_landed) as bigint) as rows_landed,
    cast(sum(rows_used) as bigint) as rows_used,
    cast(sum(rows_superseded) as bigint) as rows_superseded,
    cast(sum(rows_quarantined) as bigint) as rows_quarantined
from accounting
group by table_name
