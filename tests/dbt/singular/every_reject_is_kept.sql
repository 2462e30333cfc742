-- The rejects that the ledger counts are the rejects that are kept, file by file.
with counted as (

    -- a file that feeds two tables is read once, so its rejects are the same for both
    select
        batch_id,
        file_sha256,
        max(rows_rejected) as rows_rejected
    from {{ ref('stg_imports') }}
    group by
        batch_id,
        file_sha256

),

kept as (

    select
        batch_id,
        file_sha256,
        count(*) as rows_rejected
    from {{ ref('stg_rejects') }}
    group by
        batch_id,
        file_sha256

)

select
    counted.*,
    kept.rows_rejected as kept_rows
from counted
left join kept
    on counted.batch_id = kept.batch_id
    and counted.file_sha256 = kept.file_sha256
where counted.rows_rejected is distinct from coalesce(kept.rows_rejected, 0)
