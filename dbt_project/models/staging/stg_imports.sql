-- Grain: one row per imported file and landing table it fed.
with imports as (

    select * from {{ landing_table('imports') }}

)

select
    _batch_id as batch_id,
    _file_sha256 as file_sha256,
    _file as file_name,
    table_name,
    source,
    mapping,
    mapping_sha256,
    date_order,
    -- lists and maps are never null below, so that a look-up in them is not either
    coalesce(null_spellings, {{ list_of([]) }}) as null_spellings,
    coalesce(units, {{ empty_map() }}) as units,
    rows_read,
    rows_landed,
    rows_duplicate,
    rows_rejected,
    _landed_at as landed_at
from imports
