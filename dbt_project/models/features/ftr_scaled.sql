-- Grain: one row per influencer: what distances see, every value known.
{#- Which columns there are depends on vars block_weights and content_topics; a comment on one that is not there is a warning. -#}
{{ config(persist_docs={"relation": true, "columns": false}) }}
{%- set features = distance_features() | rejectattr('block', 'equalto', 'content') | list %}
{%- set topics = distance_features() | selectattr('block', 'equalto', 'content') | map(attribute='name') | list %}

with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

scaling as (

    select * from {{ ref('ftr_scaling') }}

),

topics as (

    select * from {{ ref('ftr_topics') }}

),

topic_scaling as (

    select * from {{ ref('ftr_topic_scaling') }}

)

select
    influencers.influencer_key,
    influencers.platform,
    {%- for feature in features %}
    -- the platform's median stands in for what is unknown: on this scale, zero
    coalesce({{ standardised(feature, 'scaling') }} * scaling.{{ feature.name }}_weight, 0.0) as {{ feature.name }},
    {%- endfor %}
    {%- for topic in topics %}
    -- and the platform's centre for topics
    coalesce((topics.{{ topic }} - topic_scaling.{{ topic }}_mean) * topic_scaling.content_factor, 0.0) as {{ topic }},
    {%- endfor %}
    {% for feature in features -%}
    cast(influencers.{{ feature.name }} is null as integer){{ ' + ' if not loop.last or topics }}
    {%- endfor %}
    {%- if topics -%}
    cast(topics.{{ topics[0] }} is null as integer)
    {%- endif %} as imputed_features_count
from influencers
inner join scaling
    on influencers.platform = scaling.platform
inner join topics
    on influencers.influencer_key = topics.influencer_key
inner join topic_scaling
    on influencers.platform = topic_scaling.platform
