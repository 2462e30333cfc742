-- Grain: one row: what this build was asked for, and a fingerprint of what it reads.
{%- set parameters = tojson(fit_parameters(), sort_keys=true) %}
with imports as (

    select * from {{ ref('stg_imports') }}

)

select
    '{{ source_kind() }}' as source_kind,
    '{{ refit_mode() }}' as refit,
    cast({{ "'" ~ sql_text(var('score_with')) ~ "'" if var('score_with') is not none else 'null' }} as string) as score_with,
    '{{ sql_text(parameters) }}' as parameters,
    '{{ local_md5(parameters) }}' as parameters_fingerprint,
    -- which rows were read, not when: landing the same files anew is the same input
    md5(coalesce({{ text_in_order(
        "file_sha256 || ':' || table_name || ':' || mapping_sha256", "|", ["file_sha256", "table_name", "mapping_sha256"]
    ) }}, '')) as input_fingerprint,
    '{{ run_started_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") }}' as requested_at
from imports
