-- Grain: one row per influencer: what distances see, every value known.
{%- set features = feature_catalogue() %}

with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

scaling as (

    select * from {{ ref('ftr_scaling') }}

)

select
    influencers.influencer_key,
    influencers.platform,
    {%- for feature in features %}
    -- the platform's median stands in for what is unknown: on this scale, zero
    coalesce({{ standardised(feature, 'scaling') }} * scaling.{{ feature.name }}_weight, 0.0) as {{ feature.name }},
    {%- endfor %}
    {% for feature in features -%}
    cast(influencers.{{ feature.name }} is null as integer){{ ' + ' if not loop.last }}
    {%- endfor %} as imputed_features_count
from influencers
inner join scaling
    on influencers.platform = scaling.platform
