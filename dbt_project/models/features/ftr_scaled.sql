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
    {{- scaled_features('scaling', 'topics', 'topic_scaling') }},
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
