-- Grain: one row per influencer and rank: one of the nearest others, with what makes the two alike and what tells them apart.
{%- set features = distance_features() | rejectattr('block', 'equalto', 'content') | map(attribute='name') | list %}
{%- set topics = distance_features() | selectattr('block', 'equalto', 'content') | map(attribute='name') | list %}
with pairs as (

    select * from {{ ref('lookalike_pairs') }}

),

scaled as (

    select * from {{ ref('ftr_scaled') }}

),

influencers as (

    select * from {{ ref('ftr_influencers') }}

),

scaling as (

    select * from {{ ref('ftr_scaling') }}

),

{%- if topics %}

topics as (

    select
        influencer_key,
        {{ topics[0] }} is not null as is_known
    from {{ ref('ftr_topics') }}

),

{%- endif %}

-- Of each feature that is known of both: x · y, by how much the two are nearer to each other there than by way of the median of their
-- platform (law of cosines), less the square of what is between them. So a feature makes two alike in which both stand out the same way.
-- A small difference alone would name what nobody differs in.
contrasted as (

    select
        pairs.*,
        own.platform,
        {% set entries = [] -%}
        {%- for feature in features -%}
            {%- set record = record_of({
                'alike': 'own_scaled.' ~ feature ~ ' * other_scaled.' ~ feature ~ ' - power(own_scaled.' ~ feature ~ ' - other_scaled.' ~ feature ~ ', 2)',
                'apart': 'abs(own_scaled.' ~ feature ~ ' - other_scaled.' ~ feature ~ ')',
                'feature': "'" ~ feature ~ "'",
            }) -%}
            {%- do entries.append('case when ' ~ seen_of_both(feature) ~ ' then ' ~ record ~ ' end') -%}
        {%- endfor -%}
        {%- if topics -%}
            {#- what they write about is one feature of many numbers -#}
            {%- set products = [] -%}
            {%- for topic in topics -%}
                {%- do products.append('own_scaled.' ~ topic ~ ' * other_scaled.' ~ topic) -%}
            {%- endfor -%}
            {%- set between = squared_distance('own_scaled', 'other_scaled', topics) -%}
            {%- set record = record_of({
                'alike': products | join(' + ') ~ ' - (' ~ between ~ ')', 'apart': 'sqrt(' ~ between ~ ')', 'feature': "'content'",
            }) -%}
            {%- do entries.append('case when own_topics.is_known and other_topics.is_known then ' ~ record ~ ' end') -%}
        {%- endif -%}
        {{ list_where(list_of(entries), 'entry', 'entry is not null') }} as contrasts
    from pairs
    inner join scaled as own_scaled
        on pairs.influencer_key = own_scaled.influencer_key
    inner join scaled as other_scaled
        on pairs.lookalike_key = other_scaled.influencer_key
    inner join influencers as own
        on pairs.influencer_key = own.influencer_key
    inner join influencers as other
        on pairs.lookalike_key = other.influencer_key
    inner join scaling as own_scaling
        on own.platform = own_scaling.platform
    inner join scaling as other_scaling
        on other.platform = other_scaling.platform
    {%- if topics %}
    inner join topics as own_topics
        on pairs.influencer_key = own_topics.influencer_key
    inner join topics as other_topics
        on pairs.lookalike_key = other_topics.influencer_key
    {%- endif %}

),

-- structs are ordered by their first field
ordered as (

    select
        *,
        {{ list_downwards('contrasts') }} as by_likeness
    from contrasted

),

reasoned as (

    select
        *,
        -- of what is left, which is no reason for likeness
        {% set left_over = list_mapped(
            list_from('by_likeness', 4), 'entry', record_of({'apart': "entry['apart']", 'feature': "entry['feature']"})
        ) -%}
        {{ list_item(list_downwards(left_over), 1) }} as most_apart
    from ordered

)

select
    influencer_key,
    rank,
    platform,
    lookalike_key,
    {{ list_item('by_likeness', 1) }}['feature'] as alike_1_feature,
    {{ list_item('by_likeness', 2) }}['feature'] as alike_2_feature,
    {{ list_item('by_likeness', 3) }}['feature'] as alike_3_feature,
    case when most_apart['apart'] > 0 then most_apart['feature'] end as apart_feature,
    distance,
    {{ list_length('contrasts') }} as shared_features_count,
    is_exact
from reasoned
