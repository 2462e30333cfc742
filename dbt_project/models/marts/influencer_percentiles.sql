-- Grain: one row per influencer and metric that is known: its place in its cohort.
with {{ known_metrics() }},

{{ cohort_members() }},

-- Everybody in a cohort is ranked, those too who are compared within a narrower one of their own.
ranked as (

    select
        influencer_key,
        platform,
        metric,
        value,
        cohort,
        own_cohort,
        rank() over (partition by metric, cohort order by value asc) - 1 as below_count,
        count(*) over (partition by metric, cohort order by value asc range between current row and current row) as equal_count,
        count(*) over (partition by metric, cohort) as cohort_count
    from cohort_members

),

steps as (

    select distinct
        metric,
        cohort,
        cohort_step
    from compared

)

select
    ranked.influencer_key,
    ranked.metric,
    ranked.platform,
    ranked.value,
    -- Mid-rank: of those who are equal, half count as below. So the median stands at 50 however many share it, and a heap of zeros
    -- is neither first nor last.
    100 * (ranked.below_count + ranked.equal_count / 2) / ranked.cohort_count as percentile,
    steps.cohort_step,
    ranked.cohort,
    ranked.cohort_count as cohort_influencers_count
from ranked
inner join steps
    on ranked.metric = steps.metric
    and ranked.cohort = steps.cohort
where ranked.cohort = ranked.own_cohort
