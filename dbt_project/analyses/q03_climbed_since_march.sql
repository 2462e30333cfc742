-- Question: Who has climbed into a larger size class since March?
-- Read: The next price list will follow the new class. Who climbed by growing steadily is a better bet than who climbed overnight.
-- On the sample: 20 rows; first account = UCsampleCgMMOtCp6uWpSmwS, tier_then = macro, tier_now = mega, growth_pct = 35.3
with observations as (

    select * from {{ ref('fct_account_observations') }}
    where followers_count is not null

),

tiers as (

    select * from {{ ref('tiers') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

-- the last look at each account up to the end of March, and the last one of all
looks as (

    select
        influencer_key,
        max(case when observed_at < timestamp '2026-04-01 00:00:00' then observed_at end) as then_at,
        max(observed_at) as now_at,
        count(*) as observations_count
    from observations
    group by influencer_key

),

compared as (

    select
        looks.influencer_key,
        looks.then_at,
        looks.observations_count,
        earlier.followers_count as followers_then_count,
        latest.followers_count as followers_now_count
    from looks
    inner join observations as earlier
        on looks.influencer_key = earlier.influencer_key
        and looks.then_at = earlier.observed_at
    inner join observations as latest
        on looks.influencer_key = latest.influencer_key
        and looks.now_at = latest.observed_at

)

select
    coalesce(influencers.handle, influencers.account_id) as account,
    influencers.platform,
    influencers.cluster_key,
    tier_then.tier as tier_then,
    tier_now.tier as tier_now,
    compared.followers_then_count,
    compared.followers_now_count,
    round(100 * (compared.followers_now_count / nullif(compared.followers_then_count, 0) - 1), 1) as growth_pct,
    compared.observations_count
from compared
inner join influencers
    on compared.influencer_key = influencers.influencer_key
inner join tiers as tier_then
    on compared.followers_then_count >= tier_then.followers_from
    and compared.followers_then_count < coalesce(tier_then.followers_below, cast('infinity' as double))
inner join tiers as tier_now
    on compared.followers_now_count >= tier_now.followers_from
    and compared.followers_now_count < coalesce(tier_now.followers_below, cast('infinity' as double))
where tier_now.tier_order > tier_then.tier_order
order by
    growth_pct desc,
    account asc
