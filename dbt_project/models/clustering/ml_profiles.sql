-- Grain: one row per cluster and feature: the members' values in human units, beside everybody's.
{%- set features = feature_catalogue() %}

with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

assignments as (

    select * from {{ ref('ml_assignments') }}

),

scaling as (

    select * from {{ ref('ftr_scaling') }}

),

members as (

    select
        assignments.cluster_key,
        {%- for feature in features %}
        cast(influencers.{{ feature.name }} as double) as {{ feature.name }},
        {{ standardised(feature, 'scaling') }} as {{ feature.name }}_z{{ ',' if not loop.last }}
        {%- endfor %}
    from assignments
    inner join influencers
        on assignments.influencer_key = influencers.influencer_key
    inner join scaling
        on influencers.platform = scaling.platform

),

by_cluster as (

    select
        cluster_key,
        count(*) as influencers_count,
        {%- for feature in features %}
        {{ quantiles(feature.name, ['0.25', '0.5', '0.75']) }} as {{ feature.name }}_quartiles,
        median({{ feature.name }}_z) as {{ feature.name }}_z,
        count({{ feature.name }}) as {{ feature.name }}_known{{ ',' if not loop.last }}
        {%- endfor %}
    from members
    group by cluster_key

),

overall as (

    select
        {%- for feature in features %}
        {{ quantiles(feature.name, ['0.25', '0.5', '0.75']) }} as {{ feature.name }}_quartiles{{ ',' if not loop.last }}
        {%- endfor %}
    from members

),

profiles as (

    {%- for feature in features %}
    select
        by_cluster.cluster_key,
        '{{ feature.name }}' as feature,
        {{ list_item('by_cluster.' ~ feature.name ~ '_quartiles', 2) }} as cluster_median,
        {{ list_item('by_cluster.' ~ feature.name ~ '_quartiles', 1) }} as cluster_q1,
        {{ list_item('by_cluster.' ~ feature.name ~ '_quartiles', 3) }} as cluster_q3,
        {{ list_item('overall.' ~ feature.name ~ '_quartiles', 2) }} as overall_median,
        {{ list_item('overall.' ~ feature.name ~ '_quartiles', 1) }} as overall_q1,
        {{ list_item('overall.' ~ feature.name ~ '_quartiles', 3) }} as overall_q3,
        by_cluster.{{ feature.name }}_z as robust_z,
        by_cluster.{{ feature.name }}_known / by_cluster.influencers_count as known_share_ratio
    from by_cluster
    cross join overall
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from profiles
