-- Grain: one row per imported file and landing table that records of forgotten people left or were kept out of.
{%- set columns = {
    '_batch_id': 'string', '_file_sha256': 'string', 'table_name': 'string', 'rows_forgotten': 'bigint',
} %}

with forgotten as (

    select * from {{ optional_landing_table('forgotten', columns) }}

)

select
    _batch_id as batch_id,
    _file_sha256 as file_sha256,
    table_name,
    cast(sum(rows_forgotten) as bigint) as rows_forgotten
from forgotten
-- the others tell what left the warehouse and other files
where _batch_id is not null
group by
    _batch_id,
    _file_sha256,
    table_name
