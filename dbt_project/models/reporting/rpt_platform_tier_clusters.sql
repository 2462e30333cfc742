-- Grain: one row per platform, tier and cluster that have influencers in common.
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

tiers as (

    select * from {{ ref('tiers') }}

),

unknown_tier as (

    select max(tier_order) + 1 as tier_order
    from tiers

),

counted as (

    select
        platform,
        coalesce(tier, 'unknown') as tier,
        cluster_key,
        count(*) as influencers
    from influencers
    group by
        platform,
        coalesce(tier, 'unknown'),
        cluster_key

),

cells as (

    select
        *,
        cast(sum(influencers) over (partition by platform, tier) as bigint) as tier_influencers
    from counted

)

select
    cells.platform,
    cells.tier,
    cells.cluster_key,
    -- who has no known number of followers stands last
    coalesce(tiers.tier_order, unknown_tier.tier_order) as tier_order,
    cells.influencers,
    cells.tier_influencers,
    cells.influencers / cells.tier_influencers as share_ratio,
    cells.tier_influencers < {{ var('small_group_influencers') }} as is_small
from cells
cross join unknown_tier
left join tiers
    on cells.tier = tiers.tier
