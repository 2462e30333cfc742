-- Grain: one row per influencer that the algorithms are fitted on; none where the accepted model stays.
{#- Which columns there are depends on vars block_weights and content_topics; a comment on one that is not there is a warning. -#}
{{ config(persist_docs={"relation": true, "columns": false}) }}
with sampled as (

    select * from {{ ref('ml_sample') }}

),

scaled as (

    select * from {{ ref('ftr_scaled') }}

),

refit as (

    select * from {{ ref('ftr_refit') }}

)

select
    scaled.influencer_key,
    {%- for feature in distance_feature_names() %}
    scaled.{{ feature }}{{ ',' if not loop.last }}
    {%- endfor %}
from sampled
inner join scaled
    on sampled.influencer_key = scaled.influencer_key
cross join refit
where refit.is_refit
