-- Grain: one row per landing table, imported file and outcome: where every landed row ended.
with outcomes as (

    select
        'accounts' as table_name,
        batch_id,
        file_sha256,
        'quarantined' as outcome
    from {{ ref('quarantined_accounts') }}

    union all

    select
        'accounts' as table_name,
        batch_id,
        file_sha256,
        case when is_used then 'used' else 'superseded' end as outcome
    from {{ ref('int_account_rows') }}

    union all

    select
        'posts' as table_name,
        batch_id,
        file_sha256,
        'quarantined' as outcome
    from {{ ref('quarantined_posts') }}

    union all

    select
        'posts' as table_name,
        batch_id,
        file_sha256,
        case when is_used then 'used' else 'superseded' end as outcome
    from {{ ref('int_post_rows') }}

),

counted as (

    select
        table_name,
        batch_id,
        file_sha256,
        outcome,
        count(*) as rows_count
    from outcomes
    group by
        table_name,
        batch_id,
        file_sha256,
        outcome

)

select * from counted
