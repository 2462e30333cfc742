-- Grain: one row per cluster with a rule: how well the rule picks its members, counted over everybody.
{%- set rules = rules_of(ref('ml_rules')) %}

with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

assignments as (

    select
        influencer_key,
        cluster_key
    from {{ ref('ml_assignments') }}

),

-- each predicate as it stands: its columns are those of ftr_influencers, which it can be run over by hand
picked as (

    select
        {%- for rule in rules %}
        coalesce(({{ rule.rule_sql }}), false) as picked_{{ loop.index }},
        {%- endfor %}
        assignments.cluster_key
    from influencers
    inner join assignments
        on influencers.influencer_key = assignments.influencer_key

),

counted as (

    select
        {%- for rule in rules %}
        count(*) filter (where picked_{{ loop.index }}) as picked_{{ loop.index }},
        count(*) filter (where picked_{{ loop.index }} and cluster_key = '{{ sql_text(rule.cluster_key) }}') as hits_{{ loop.index }},
        count(*) filter (where cluster_key = '{{ sql_text(rule.cluster_key) }}') as members_{{ loop.index }},
        {%- endfor %}
        count(*) as influencers_count
    from picked

),

figures as (

    {%- for rule in rules %}
    select
        '{{ sql_text(rule.cluster_key) }}' as cluster_key,
        picked_{{ loop.index }} as rule_influencers_count,
        hits_{{ loop.index }} as rule_members_count,
        members_{{ loop.index }} as influencers_count
    from counted
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        cast(null as string) as cluster_key,
        cast(null as bigint) as rule_influencers_count,
        cast(null as bigint) as rule_members_count,
        influencers_count
    from counted
    where false
    {%- endfor %}

)

select
    cluster_key,
    rule_influencers_count,
    rule_members_count,
    -- a rule that picks nobody is neither right nor wrong
    rule_members_count / nullif(rule_influencers_count, 0) as rule_precision_ratio,
    rule_members_count / nullif(influencers_count, 0) as rule_recall_ratio
from figures
