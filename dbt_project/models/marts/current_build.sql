-- Grain: one row: the build that the marts are of.
with runs as (

    select * from {{ ref('ml_runs') }}

)

select
    '{{ invocation_id }}' as build_id,
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as built_at,
    '{{ source_kind() }}' as source_kind,
    max(cluster_run_id) as cluster_run_id
from runs
