-- Grain: one row per usable account row, with its influencer and whether it is the one used for its moment.
with accounts as (

    select * from {{ ref('stg_accounts') }}

),

keys as (

    select * from {{ ref('int_influencer_keys') }}

),

keyed as (

    select
        keys.influencer_key,
        keys.resolved_account_id,
        accounts.*
    from accounts
    inner join keys
        on accounts.platform = keys.platform
        and accounts.account_id is not distinct from keys.account_id
        and accounts.handle_folded is not distinct from keys.handle_folded

)

select
    *,
    -- Two rows of one account and moment: the one that states more wins, then the one landed last, then the first of its file. The key
    -- makes the choice total; alone it would choose otherwise in every import of the same file, for it holds the batch.
    row_number() over (
        partition by influencer_key, observed_at
        order by
            (
                cast(followers_count is not null as integer)
                + cast(following_count is not null as integer)
                + cast(posts_count is not null as integer)
                + cast(avg_likes is not null as integer)
                + cast(avg_comments is not null as integer)
                + cast(avg_views is not null as integer)
                + cast(avg_interactions is not null as integer)
                + cast(er_reported is not null as integer)
                + cast(display_name is not null as integer)
                + cast(category is not null as integer)
                + cast(country_code is not null as integer)
            ) desc,
            landed_at desc,
            file_sha256 asc,
            row_number_in_file asc,
            account_row_key asc
    ) = 1 as is_used
from keyed
