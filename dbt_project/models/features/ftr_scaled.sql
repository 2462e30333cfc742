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
    {{- scaled_features('scaling') }},
    {% for feature in features -%}
    cast(influencers.{{ feature.name }} is null as integer){{ ' + ' if not loop.last }}
    {%- endfor %} as imputed_features_count
from influencers
inner join scaling
    on influencers.platform = scaling.platform
