-- Grain: one row per platform, tier, category and metric that occur together: the cohort that such influencers are compared with.
with {{ known_metrics() }},

combinations as (

    select
        platform,
        tier,
        category,
        metric,
        count(*) as influencers_count
    from valued
    group by
        platform,
        tier,
        category,
        metric

),

-- Who has no category has no cohort by category, and who has no tier none by tier: "unknown" is no market.
named as (

    select
        *,
        case when tier is not null and category is not null then concat_ws('/', platform, tier, category) end as category_cohort,
        case when tier is not null then concat_ws('/', platform, tier) end as tier_cohort,
        platform as platform_cohort,
        'everybody' as widest_cohort
    from combinations

),

counted as (

    select
        *,
        case when category_cohort is not null then influencers_count end as category_count,
        case
            when tier_cohort is not null then cast(sum(influencers_count) over (partition by platform, tier, metric) as bigint)
        end as tier_count,
        cast(sum(influencers_count) over (partition by platform, metric) as bigint) as platform_count,
        cast(sum(influencers_count) over (partition by metric) as bigint) as widest_count
    from named

),

stepped as (

    select
        *,
        case
            when category_count >= {{ var('cohort_min_influencers') }} then 'platform_tier_category'
            when tier_count >= {{ var('cohort_min_influencers') }} then 'platform_tier'
            when platform_count >= {{ var('cohort_min_influencers') }} then 'platform'
            else 'everybody'
        end as cohort_step
    from counted

)

select
    platform,
    tier,
    category,
    metric,
    cohort_step,
    case cohort_step
        when 'platform_tier_category' then category_cohort
        when 'platform_tier' then tier_cohort
        when 'platform' then platform_cohort
        else widest_cohort
    end as cohort,
    case cohort_step
        when 'platform_tier_category' then category_count
        when 'platform_tier' then tier_count
        when 'platform' then platform_count
        else widest_count
    end as cohort_influencers_count,
    influencers_count,
    category_cohort,
    tier_cohort,
    platform_cohort,
    widest_cohort
from stepped
