-- Grain: one row per platform and feature: of how many influencers it is known, and whether distances compare them by it.
with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

scaling as (

    select * from {{ ref('ftr_scaling') }}

),

counted as (

    {%- for feature in feature_catalogue() %}
    select
        influencers.platform,
        '{{ feature.name }}' as feature,
        {{ loop.index }} as feature_order,
        count(*) as influencers,
        count(influencers.{{ feature.name }}) as known_influencers,
        coalesce(bool_and(scaling.{{ feature.name }}_scale is not null and scaling.{{ feature.name }}_weight > 0), false) as is_compared
    from influencers
    left join scaling
        on influencers.platform = scaling.platform
    group by influencers.platform
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    platform,
    feature,
    cast(feature_order as bigint) as feature_order,
    influencers,
    known_influencers,
    known_influencers / nullif(influencers, 0) as known_share_ratio,
    is_compared
from counted
