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

loadings as (

    select
        term,
        {%- for topic in topics %}
        coalesce(max(loading) filter (where topic = '{{ topic }}'), 0) as {{ topic }},
        {%- endfor %}
        max(idf) as idf
    from {{ ref('ml_topic_loadings') }}
    group by term

),

-- TF-IDF with sublinear counts times the loadings. Summed as decimals, for a sum of doubles depends on the order in which threads add.
sums as (

    select
        influencer_terms.influencer_key,
        {%- for topic in topics %}
        cast(sum(cast((1 + ln(influencer_terms.uses_count)) * loadings.idf * loadings.{{ topic }} as decimal(18, 12))) as double) as {{ topic }},
        {%- endfor %}
        count(*) as terms_count
    from influencer_terms
    inner join loadings
        on influencer_terms.term = loadings.term
    group by influencer_terms.influencer_key

),

-- To unit length: who uses more terms is not farther out. The length of the TF-IDF vector falls out of it. Scores are rounded below:
-- one term has one direction, however often it is used, and its last bits would make two places of it.
lengths as (

    select
        influencer_key,
        nullif(sqrt({% for topic in topics %}power({{ topic }}, 2){{ ' + ' if not loop.last }}{% else %}0{% endfor %}), 0) as length
    from sums

)

select
    accounts.influencer_key,
    accounts.platform,
    coalesce(sums.terms_count, 0) as terms_count
    {%- for topic in topics %},
    round(sums.{{ topic }} / lengths.length, 12) as {{ topic }}
    {%- endfor %}
from accounts
left join sums
    on accounts.influencer_key = sums.influencer_key
left join lengths
    on accounts.influencer_key = lengths.influencer_key
