-- Grain: one row per cluster, dimension and value. `unknown` is a value: a share of what is known would flatter;
-- a dimension that is known of nobody is left out.
{%- set dimensions = {'platform': 'platform', 'tier': 'tier', 'category': 'category', 'country': 'country_code',
    'audience_country': 'audience_country_code'} %}

with influencers as (

    select * from {{ ref('dim_influencers') }}

),

valued as (

    {%- for dimension, column in dimensions.items() %}
    select
        cluster_key,
        '{{ dimension }}' as dimension,
        coalesce({{ column }}, 'unknown') as value
    from influencers
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

counted as (

    select
        cluster_key,
        dimension,
        value,
        count(*) as influencers
    from valued
    group by
        cluster_key,
        dimension,
        value

),

shares as (

    select
        cluster_key,
        dimension,
        value,
        influencers,
        influencers / sum(influencers) over (partition by cluster_key, dimension) as share_ratio,
        sum(influencers) over (partition by dimension, value)
        / sum(influencers) over (partition by dimension) as overall_share_ratio,
        count(case when value != 'unknown' then 1 end) over (partition by dimension) as known_values_count
    from counted

)

select
    cluster_key,
    dimension,
    value,
    influencers,
    share_ratio,
    overall_share_ratio
from shares
where known_values_count > 0
