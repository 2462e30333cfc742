-- Question: What became of every row of our exports, and which source gives us the most that cannot be used?
-- Read: Each row ends in one place, so `unaccounted_count` is 0. Superseded is no loss: a newer or fuller row of the same account won.
-- On the sample: 8 rows; first source = sample_panel, table_name = accounts, rows_read_count = 2548, unaccounted_count = 0, lost_pct = 0.39
with accounting as (

    select * from {{ ref('row_accounting') }}

),

by_source as (

    select
        source,
        table_name,
        count(*) as files_count,
        sum(rows_read) as rows_read_count,
        sum(rows_used) as used_count,
        sum(rows_superseded) as superseded_count,
        sum(rows_duplicate) as duplicate_count,
        sum(rows_rejected) as rejected_count,
        sum(rows_quarantined) as quarantined_count
    from accounting
    group by
        source,
        table_name

)

select
    source,
    table_name,
    files_count,
    rows_read_count,
    used_count,
    superseded_count,
    duplicate_count,
    rejected_count,
    quarantined_count,
    rows_read_count - used_count - superseded_count - duplicate_count - rejected_count - quarantined_count as unaccounted_count,
    round(100 * (rejected_count + quarantined_count) / nullif(rows_read_count, 0), 2) as lost_pct
from by_source
order by
    lost_pct desc,
    source asc,
    table_name asc
