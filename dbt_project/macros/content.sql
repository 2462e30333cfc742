{# `topic_01` … : the topics of what influencers write about, as many as var `content_topics` asks for. #}
{% macro topic_names() -%}
    {%- set names = [] -%}
    {%- for number in range(1, var('content_topics') + 1) -%}
        {%- do names.append('topic_%02d' | format(number)) -%}
    {%- endfor -%}
    {%- do return(names) -%}
{%- endmacro %}


{# Words of a text, each once, lower case: runs of three letters or more, of any alphabet, outside links, mentions and hashtags. #}
{% macro words_of(text) -%}
    array_distinct({{ text_found(text_replaced('lower(' ~ text ~ ')', '(https?://|www\\.|[#@])\\S+', "' '"), '[\\p{L}\\p{M}]{3,}') }})
{%- endmacro %}


{# Whether distances see topics. Only then are they part of a model, and kept with it. #}
{% macro content_is_seen() -%}
    {%- do return(block_weight('content') > 0 and var('content_topics') > 0) -%}
{%- endmacro %}


{# CTEs that score topics. `terms`: a CTE with influencer_key, term and uses_count. `loadings`: a relation with topic, term, idf and
   loading. The last CTE, `<prefix>topics`, has one row per influencer with a term of the vocabulary. #}
{% macro scored_topics(terms, loadings, prefix='') -%}
{%- set topics = topic_names() -%}
{{ prefix }}loadings as (

    select
        term,
        {%- for topic in topics %}
        coalesce(max(loading) filter (where topic = '{{ topic }}'), 0) as {{ topic }},
        {%- endfor %}
        max(idf) as idf
    from {{ loadings }}
    group by term

),

-- TF-IDF with sublinear counts times the loadings. Summed as decimals, for a sum of doubles depends on the order in which threads add.
{{ prefix }}sums as (

    select
        terms.influencer_key,
        {%- for topic in topics %}
        cast(sum(cast((1 + ln(terms.uses_count)) * loadings.idf * loadings.{{ topic }} as decimal(18, 12))) as double) as {{ topic }},
        {%- endfor %}
        count(*) as terms_count
    from {{ terms }} as terms
    inner join {{ prefix }}loadings as loadings
        on terms.term = loadings.term
    group by terms.influencer_key

),

-- To unit length: who uses more terms is not farther out. The length of the TF-IDF vector falls out of it. Scores are rounded below:
-- one term has one direction, however often it is used, and its last bits would make two places of it.
{{ prefix }}lengths as (

    select
        influencer_key,
        nullif(sqrt({% for topic in topics %}power({{ topic }}, 2){{ ' + ' if not loop.last }}{% else %}0{% endfor %}), 0) as length
    from {{ prefix }}sums

),

{{ prefix }}topics as (

    select
        sums.influencer_key,
        {%- for topic in topics %}
        round(sums.{{ topic }} / lengths.length, 12) as {{ topic }},
        {%- endfor %}
        sums.terms_count
    from {{ prefix }}sums as sums
    inner join {{ prefix }}lengths as lengths
        on sums.influencer_key = lengths.influencer_key

)
{%- endmacro %}


{# Rows of one platform and topic side by side: one row per platform, columns as in `ftr_topic_scaling`. #}
{% macro wide_topic_scaling(relation) -%}
    select
        platform,
        {%- for topic in topic_names() %}
        max(mean) filter (where topic = '{{ topic }}') as {{ topic }}_mean,
        {%- endfor %}
        max(content_factor) as content_factor
    from {{ relation }}
    group by platform
{%- endmacro %}
