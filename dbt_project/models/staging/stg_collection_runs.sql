-- Grain: one row per run of `tribu collect`.
{%- set columns = {
    'run_id': 'string', 'platform': 'string', 'status': 'string', 'reason': 'string', 'accounts_asked': 'bigint',
    'requests': 'bigint', 'retries': 'bigint', 'started_at': 'timestamp', 'updated_at': 'timestamp',
} %}

with runs as (

    select * from {{ optional_landing_table('runs', columns) }}

)

-- the names that are still to be collected stay behind: nothing here needs them
select
    run_id,
    platform,
    status,
    reason,
    accounts_asked,
    requests,
    retries,
    started_at,
    updated_at
from runs
