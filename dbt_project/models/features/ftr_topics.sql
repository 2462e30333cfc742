-- Grain: one row per influencer: how much of each topic there is in what they write; null where no term of the vocabulary is known.
{#- Which columns there are depends on var content_topics; a comment on one that is not there is a warning. -#}
{{ config(persist_docs={"relation": true, "columns": false}) }}
{%- set topics = topic_names() %}

with accounts as (

    select * from {{ ref('int_accounts') }}

),

influencer_terms as (

    select * from {{ ref('int_influencer_terms') }}

),

{{ scored_topics('influencer_terms', ref('ml_topic_loadings')) }}

select
    accounts.influencer_key,
    accounts.platform,
    coalesce(topics.terms_count, 0) as terms_count
    {%- for topic in topics %},
    topics.{{ topic }}
    {%- endfor %}
from accounts
left join topics
    on accounts.influencer_key = topics.influencer_key
