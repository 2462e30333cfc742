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

-- A handle without an id means the id it was seen with elsewhere, if that is one id. A handle that has had two owners
-- is not resolved: guessing would merge two people, and leaving them apart can be mended.
ids_of_handles as (

    select
        platform,
        handle_folded,
        min(account_id) as account_id
    from seen
    where
        account_id is not null
        and handle_folded is not null
    group by
        platform,
        handle_folded
    having count(distinct account_id) = 1

),

resolved as (

    select
        seen.platform,
        seen.account_id,
        seen.handle_folded,
        coalesce(seen.account_id, ids_of_handles.account_id) as resolved_account_id
    from seen
    left join ids_of_handles
        on seen.platform = ids_of_handles.platform
        and seen.handle_folded = ids_of_handles.handle_folded
        and seen.account_id is null

)

select
    md5(
        case
            when resolved_account_id is not null then platform || ':id:' || resolved_account_id
            else platform || ':handle:' || handle_folded
        end
    ) as influencer_key,
    platform,
    account_id,
    handle_folded,
    resolved_account_id
from resolved
