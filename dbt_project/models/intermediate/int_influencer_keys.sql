-- Grain: one row per platform, account id and handle as they were seen together, with the influencer they mean.
with seen as (

    select
        platform,
        account_id,
        handle_folded
    from {{ ref('stg_accounts') }}

    union distinct

    select
        platform,
        account_id,
        handle_folded
    from {{ ref('stg_posts') }}

),

renames as (

    select * from {{ ref('int_handle_renames') }}

),

-- The first handle stands for those that followed it, so that the key of a renamed account stays what it was.
named as (

    select
        seen.platform,
        seen.account_id,
        seen.handle_folded,
        coalesce(renames.first_handle_folded, seen.handle_folded) as handle_meant
    from seen
    left join renames
        on seen.platform = renames.platform
        and seen.handle_folded = renames.handle_folded

),

-- A handle without an id means the id it was seen with elsewhere, if that is one id. A handle that has had two owners
-- is not resolved: guessing would merge two people, and leaving them apart can be mended.
ids_of_handles as (

    select
        platform,
        handle_meant,
        min(account_id) as account_id
    from named
    where
        account_id is not null
        and handle_meant is not null
    group by
        platform,
        handle_meant
    having count(distinct account_id) = 1

),

resolved as (

    select
        named.platform,
        named.account_id,
        named.handle_folded,
        named.handle_meant,
        coalesce(named.account_id, ids_of_handles.account_id) as resolved_account_id
    from named
    left join ids_of_handles
        on named.platform = ids_of_handles.platform
        and named.handle_meant = ids_of_handles.handle_meant
        and named.account_id is null

)

select
    md5(
        case
            when resolved_account_id is not null then platform || ':id:' || resolved_account_id
            else platform || ':handle:' || handle_meant
        end
    ) as influencer_key,
    platform,
    account_id,
    handle_folded,
    resolved_account_id
from resolved
