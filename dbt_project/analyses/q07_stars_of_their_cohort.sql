-- Question: Who is in the best tenth of comparable accounts for interactions and the best quarter for regularity, and compared with whom?
-- Read: A percentile without its cohort says little: look at n, and at how far the cohort was widened to reach it.
-- On the sample: 44 rows; first account = SAMPLE_0348_RAIN, engagement_percentile = 99.7, engagement_cohort = instagram, engagement_cohort_count = 572
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

percentiles as (

    select * from {{ ref('influencer_percentiles') }}

),

-- one row per influencer, one column per metric
side_by_side as (

    select
        influencer_key,
        max(case when metric = 'er_followers' then percentile end) as engagement_percentile,
        max(case when metric = 'er_followers' then cohort end) as engagement_cohort,
        max(case when metric = 'er_followers' then cohort_influencers_count end) as engagement_cohort_count,
        max(case when metric = 'active_week_ratio' then percentile end) as rhythm_percentile,
        max(case when metric = 'active_week_ratio' then cohort end) as rhythm_cohort
    from percentiles
    group by influencer_key

)

select
    coalesce(influencers.handle, influencers.account_id) as account,
    influencers.platform,
    influencers.tier,
    round(side_by_side.engagement_percentile, 1) as engagement_percentile,
    side_by_side.engagement_cohort,
    side_by_side.engagement_cohort_count,
    round(side_by_side.rhythm_percentile, 1) as rhythm_percentile,
    side_by_side.rhythm_cohort
from side_by_side
inner join influencers
    on side_by_side.influencer_key = influencers.influencer_key
where
    side_by_side.engagement_percentile >= 90
    and side_by_side.rhythm_percentile >= 75
order by
    side_by_side.engagement_percentile desc,
    account asc
