-- Grain: one row per platform, tier, category and metric that occur together: how the metric is distributed in their cohort.
with {{ known_metrics() }},

{{ cohort_members() }},

distributions as (

    select
        cohort,
        metric,
        {{ quantiles('value', ['0.1', '0.25', '0.5', '0.75', '0.9']) }} as percentiles
    from cohort_members
    group by
        cohort,
        metric

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

)

select
    compared.platform,
    compared.tier,
    compared.category,
    compared.metric,
    catalogue.unit,
    compared.cohort_step,
    compared.cohort,
    compared.cohort_step != 'platform_tier_category' as is_widened,
    compared.influencers_count,
    compared.cohort_influencers_count,
    {{ list_item('distributions.percentiles', 1) }} as p10,
    {{ list_item('distributions.percentiles', 2) }} as p25,
    {{ list_item('distributions.percentiles', 3) }} as p50,
    {{ list_item('distributions.percentiles', 4) }} as p75,
    {{ list_item('distributions.percentiles', 5) }} as p90
from compared
inner join distributions
    on compared.cohort = distributions.cohort
    and compared.metric = distributions.metric
inner join catalogue
    on compared.metric = catalogue.feature
