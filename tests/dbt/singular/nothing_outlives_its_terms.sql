-- What was collected longer ago than its network's terms allow (var `retention_days`) is still used: `tribu expire` removes it. A warning,
-- for the build is right about what is landed.
{{ config(severity='warn') }}
select
    source,
    table_name,
    file_name,
    landed_at,
    rows_landed
from {{ ref('stg_imports') }}
where
    rows_landed > 0
    and (
        {%- for platform, days in var('retention_days').items() | sort %}
        (
            source = '{{ sql_text(platform) }}_api'
            and landed_at < cast('{{ (run_started_at - modules.datetime.timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
        )
        or
        {%- endfor %}
        1 = 0
    )
