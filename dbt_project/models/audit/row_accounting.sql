-- Grain: one row per imported file and landing table: where every record of it ended.
with imports as (

    select * from {{ ref('stg_imports') }}

),

forgotten as (

    select * from {{ ref('stg_forgotten') }}

),

outcomes as (

    select
        table_name,
        batch_id,
        file_sha256,
        coalesce(sum(rows_count) filter (where outcome = 'used'), 0) as rows_used,
        coalesce(sum(rows_count) filter (where outcome = 'superseded'), 0) as rows_superseded,
        coalesce(sum(rows_count) filter (where outcome = 'quarantined'), 0) as rows_quarantined
    from {{ ref('int_row_outcomes') }}
    group by
        table_name,
        batch_id,
        file_sha256

)

select
    imports.table_name,
    imports.source,
    imports.file_name,
    imports.file_sha256,
    imports.batch_id,
    imports.landed_at,
    imports.rows_read,
    imports.rows_duplicate,
    imports.rows_rejected,
    cast(coalesce(forgotten.rows_forgotten, 0) as bigint) as rows_forgotten,
    imports.rows_landed,
    cast(coalesce(outcomes.rows_used, 0) as bigint) as rows_used,
    cast(coalesce(outcomes.rows_superseded, 0) as bigint) as rows_superseded,
    cast(coalesce(outcomes.rows_quarantined, 0) as bigint) as rows_quarantined
from imports
left join outcomes
    on imports.table_name = outcomes.table_name
    and imports.batch_id = outcomes.batch_id
    and imports.file_sha256 = outcomes.file_sha256
left join forgotten
    on imports.table_name = forgotten.table_name
    and imports.batch_id = forgotten.batch_id
    and imports.file_sha256 = forgotten.file_sha256
