-- Question: What engagement is normal on each platform for each size, by my own list and not by somebody's blog?
-- Read: The middle half lies between p25 and p75. Where `is_widened` is true, fewer than 200 of that size are known and the row
--     speaks for all sizes of the platform, or for everybody.
-- On the sample: 20 rows; first platform = instagram, tier = nano, cohort = instagram/nano, p50_pct = 6
with benchmarks as (

    select * from {{ ref('cohort_benchmarks') }}

),

tiers as (

    select * from {{ ref('tiers') }}

)

select
    benchmarks.platform,
    benchmarks.tier,
    sum(benchmarks.influencers_count) as influencers_count,
    benchmarks.cohort,
    benchmarks.cohort_step not in ('platform_tier_category', 'platform_tier') as is_widened,
    benchmarks.cohort_influencers_count,
    round(100 * benchmarks.p25, 2) as p25_pct,
    round(100 * benchmarks.p50, 2) as p50_pct,
    round(100 * benchmarks.p75, 2) as p75_pct
from benchmarks
inner join tiers
    on benchmarks.tier = tiers.tier
where
    benchmarks.metric = 'er_followers'
    -- where a single category is large enough for a cohort of its own, it is another row of the table
    and benchmarks.cohort_step != 'platform_tier_category'
group by
    benchmarks.platform,
    benchmarks.tier,
    tiers.tier_order,
    benchmarks.cohort,
    benchmarks.cohort_step,
    benchmarks.cohort_influencers_count,
    benchmarks.p25,
    benchmarks.p50,
    benchmarks.p75
order by
    benchmarks.platform asc,
    tiers.tier_order asc
