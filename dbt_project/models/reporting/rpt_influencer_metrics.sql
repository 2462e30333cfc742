-- Grain: one row per influencer with a page and feature: the figure, and its place among comparable influencers.
with pages as (

    select * from {{ ref('rpt_influencer_pages') }}

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

),

percentiles as (

    select * from {{ ref('influencer_percentiles') }}

),

medians as (

    select distinct
        metric,
        cohort,
        p50
    from {{ ref('cohort_benchmarks') }}

),

-- what distances see on a platform: there, what is unknown stands at its median
seen as (

    {%- for feature in distance_features() | rejectattr('block', 'equalto', 'content') %}
    select
        platform,
        '{{ feature.name }}' as feature
    from {{ ref('ftr_scaling') }}
    where {{ feature.name }}_scale is not null
    union all
    {%- endfor %}
    select
        platform,
        'content' as feature
    from {{ ref('ftr_scaling') }}

)

select
    pages.influencer_key,
    catalogue.feature,
    catalogue.label_en as feature_label_en,
    catalogue.label_fr as feature_label_fr,
    catalogue.block,
    catalogue.feature_order,
    catalogue.unit,
    percentiles.value,
    percentiles.percentile,
    percentiles.cohort_step,
    percentiles.cohort_influencers_count as cohort_influencers,
    medians.p50 as cohort_median,
    percentiles.value is null and seen.feature is not null as is_imputed
from pages
cross join catalogue
left join percentiles
    on pages.influencer_key = percentiles.influencer_key
    and catalogue.feature = percentiles.metric
left join medians
    on percentiles.metric = medians.metric
    and percentiles.cohort = medians.cohort
left join seen
    on pages.platform = seen.platform
    and catalogue.feature = seen.feature
