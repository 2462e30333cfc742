-- Grain: one row per run of `tribu collect`: what was asked for, what came, and what is missing.
with runs as (

    select * from {{ ref('stg_collection_runs') }}

),

collections as (

    select * from {{ ref('stg_collections') }}

),

settled as (

    select
        run_id,
        count(*) as accounts_settled,
        count(*) filter (where outcome in ('unknown', 'suspended', 'private')) as accounts_unseen,
        count(*) filter (where posts_received < posts_expected) as accounts_short,
        sum(posts_expected) as posts_expected,
        sum(case when posts_expected is not null then posts_received end) as posts_received
    from collections
    group by run_id

)

select
    runs.run_id,
    runs.platform,
    case when runs.accounts_asked > coalesce(settled.accounts_settled, 0) then 'incomplete' else 'complete' end as status,
    -- The run tells each reason with its figures; those of the same kind are one.
    case
        when runs.accounts_asked <= coalesce(settled.accounts_settled, 0) then null
        when runs.reason is null or runs.reason = 'interrupted' then 'cut_off'
        when runs.reason like 'the rate limit%' or runs.reason like 'the calls of the hour%' then 'limit'
        when runs.reason like 'the quota%' or runs.reason like 'the credits%' then 'quota'
        when runs.reason like 'the token%' or runs.reason like 'the key%' or runs.reason like 'the app%' then 'permission'
        when runs.reason like '% accounts failed%' then 'failed'
        else 'other'
    end as reason,
    cast(runs.started_at as date) as started_on,
    runs.accounts_asked,
    cast(coalesce(settled.accounts_settled, 0) as bigint) as accounts_settled,
    cast(coalesce(settled.accounts_unseen, 0) as bigint) as accounts_unseen,
    cast(runs.accounts_asked - coalesce(settled.accounts_settled, 0) as bigint) as accounts_missing,
    cast(coalesce(settled.accounts_short, 0) as bigint) as accounts_short,
    cast(coalesce(settled.posts_expected, 0) as bigint) as posts_expected,
    cast(coalesce(settled.posts_received, 0) as bigint) as posts_received
from runs
left join settled
    on runs.run_id = settled.run_id
