-- Grain: one row per person: accounts of several networks that are known to be of one, or one account.
with person_accounts as (

    select
        influencer_key,
        person_key
    from {{ ref('person_accounts') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

accounts as (

    select
        person_accounts.person_key,
        influencers.*,
        -- the account with the most followers speaks for the person; of equals the first by its key
        row_number() over (
            partition by person_accounts.person_key
            order by influencers.followers_count desc nulls last, influencers.influencer_key asc
        ) as account_rank
    from person_accounts
    inner join influencers
        on person_accounts.influencer_key = influencers.influencer_key

),

platforms as (

    select
        person_key,
        {{ text_in_order('platform', ', ', ['platform']) }} as platforms,
        count(*) as platforms_count
    from (
        select distinct
            person_key,
            platform
        from accounts
    ) as platforms_of_people
    group by person_key

),

totals as (

    select
        person_key,
        count(*) as accounts_count,
        cast(sum(followers_count) as bigint) as followers_count,
        count(followers_count) as accounts_with_followers_count,
        max(observed_at) as observed_at
    from accounts
    group by person_key

)

select
    totals.person_key,
    accounts.influencer_key as main_influencer_key,
    accounts.platform as main_platform,
    accounts.handle as main_handle,
    coalesce(accounts.display_name, accounts.handle) as display_name,
    accounts.country_code,
    accounts.language,
    accounts.category,
    accounts.cluster_key,
    platforms.platforms,
    platforms.platforms_count,
    totals.accounts_count,
    totals.accounts_with_followers_count,
    totals.followers_count,
    totals.observed_at
from totals
inner join accounts
    on totals.person_key = accounts.person_key
    and accounts.account_rank = 1
inner join platforms
    on totals.person_key = platforms.person_key
