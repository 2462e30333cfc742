-- Grain: one row per record of a file that could not be split into cells.
with imports as (

    select distinct
        batch_id,
        file_sha256
    from {{ ref('stg_imports') }}

),

rejects as (

    select * from {{ landing_table('rejects') }}

)

select
    rejects.source,
    rejects.reason,
    rejects.raw_text,
    rejects.line as line_number,
    rejects.byte_position,
    rejects._file as file_name,
    rejects._file_sha256 as file_sha256,
    rejects._batch_id as batch_id,
    rejects._landed_at as landed_at
from rejects
-- the row in imports is the commit: what has none was interrupted and does not count
inner join imports
    on rejects._batch_id = imports.batch_id
    and rejects._file_sha256 = imports.file_sha256
