-- The published predicates give the published figures to whoever runs them: `select … from ftr_influencers where <rule_sql>`.
{%- set rules = rules_of(ref('dim_clusters')) %}

with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

members as (

    select
        influencer_key,
        cluster_key
    from {{ ref('dim_influencers') }}

),

picked as (

    {%- for rule in rules %}
    select
        '{{ sql_text(rule.cluster_key) }}' as cluster_key,
        influencer_key
    from influencers
    where {{ rule.rule_sql }}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        '' as cluster_key,
        influencer_key
    from influencers
    where false
    {%- endfor %}

),

by_hand as (

    select
        picked.cluster_key,
        count(*) as picked_count,
        count(*) filter (where picked.cluster_key = members.cluster_key) as members_count
    from picked
    left join members
        on picked.influencer_key = members.influencer_key
    group by picked.cluster_key

)

select
    clusters.cluster_key,
    by_hand.picked_count,
    by_hand.members_count
from {{ ref('dim_clusters') }} as clusters
left join by_hand
    on clusters.cluster_key = by_hand.cluster_key
where
    clusters.rule_sql is not null
    and (
        clusters.rule_influencers_count is distinct from coalesce(by_hand.picked_count, 0)
        or clusters.rule_precision_ratio is distinct from by_hand.members_count / by_hand.picked_count
        or clusters.rule_recall_ratio is distinct from coalesce(by_hand.members_count, 0) / clusters.influencers_count
    )
