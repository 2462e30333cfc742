-- Grain: one row per platform: the centre of each topic there, and the factor that gives content its weight, measured on these influencers.
{#- Which columns there are depends on var content_topics; a comment on one that is not there is a warning. -#}
{{ config(persist_docs={"relation": true, "columns": false}) }}
{%- set topics = topic_names() %}

with topics as (

    select * from {{ ref('ftr_topics') }}

),

-- Decimals, as in ftr_topics.
counted as (

    select
        platform,
        {%- for topic in topics %}
        cast(sum(cast({{ topic }} as decimal(18, 12))) as double) / count({{ topic }}) as {{ topic }}_mean,
        {%- endfor %}
        count(*) as influencers_count,
        {{ 'count(' ~ topics[0] ~ ')' if topics else '0' }} as known_count
    from topics
    group by platform

),

-- Scores have unit length, so the variance around a platform's centre is 1 less the square of the centre's length.
spreads as (

    select
        *,
        known_count > 0 and known_count >= {{ var('feature_min_known_share') }} * influencers_count as is_seen,
        1{% for topic in topics %} - power({{ topic }}_mean, 2){% endfor %} as variance
    from counted

),

-- One factor for all topics: a scale for each would make a topic of ten influencers as loud as one of thousands.
pooled as (

    select
        sum(known_count * variance) filter (where is_seen)
        / nullif(sum(known_count) filter (where is_seen), 0) as variance
    from spreads

)

select
    spreads.platform,
    {%- for topic in topics %}
    case when spreads.is_seen then spreads.{{ topic }}_mean end as {{ topic }}_mean,
    {%- endfor %}
    -- where everybody writes the same there is nothing to scale, and what is left of 1 - 1 is rounding
    case when pooled.variance > 1e-9 then {{ block_weight('content') }} / sqrt(pooled.variance) end as content_factor
from spreads
cross join pooled
