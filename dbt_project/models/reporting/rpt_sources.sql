-- Grain: one row per source and landing table.
with accounting as (

    select * from {{ ref('row_accounting') }}

),

moments as (

    -- dates that were only assumed from the import are no observation
    select
        'accounts' as table_name,
        source,
        case when not is_observed_at_assumed then observed_at end as observed_at
    from {{ ref('fct_account_observations') }}

    union all

    select
        'posts' as table_name,
        source,
        coalesce(observed_at, posted_at) as observed_at
    from {{ ref('fct_posts') }}

),

observed as (

    select
        coalesce(source, 'not stated') as source,
        table_name,
        cast(min(observed_at) as date) as observed_from,
        cast(max(observed_at) as date) as observed_to
    from moments
    group by
        coalesce(source, 'not stated'),
        table_name

),

counted as (

    select
        coalesce(source, 'not stated') as source,
        table_name,
        count(*) as files,
        cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_landed) as bigint) as rows_landed,
        cast(sum(rows_duplicate) as bigint) as rows_duplicate,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        cast(sum(rows_forgotten) as bigint) as rows_forgotten
    from accounting
    group by
        coalesce(source, 'not stated'),
        table_name

)

select
    counted.source,
    counted.table_name,
    counted.files,
    counted.rows_read,
    counted.rows_landed,
    counted.rows_duplicate,
    counted.rows_rejected,
    counted.rows_forgotten,
    observed.observed_from,
    observed.observed_to
from counted
left join observed
    on counted.source = observed.source
    and counted.table_name = observed.table_name
