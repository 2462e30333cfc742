-- Grain: one row per rule of the catalogue of opportunities and cluster: whether the cluster meets it, and by which figures.
{%- set small_tiers = [] %}
{%- for tier in var('opportunity_small_tiers') %}
{%- do small_tiers.append("'" ~ sql_text(tier) ~ "'") %}
{%- endfor %}
with clusters as (

    select * from {{ ref('dim_clusters') }}
    where
        influencers_count > 0
        -- who is outside every cluster is no segment to book
        and not is_noise

),

profiles as (

    select * from {{ ref('cluster_profiles') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

conditions as (

    {%- for rule in opportunity_rules() %}
    {%- set rule_loop = loop %}
    {%- for condition in rule.conditions %}
    select
        '{{ rule.rule }}' as rule_name,
        {{ rule_loop.index }} as rule_order,
        {{ loop.index }} as condition_order,
        '{{ condition.measure }}' as measure,
        '{{ condition.statistic }}' as statistic,
        '{{ condition.comparison }}' as comparison,
        cast({{ condition.threshold }} as double) as threshold
    {{ 'union all' if not (loop.last and rule_loop.last) }}
    {%- endfor %}
    {%- endfor %}

),

small_accounts as (

    select
        influencer_key,
        cluster_key,
        platform,
        tier,
        er_followers
    from influencers
    where tier in ({{ small_tiers | join(', ') or "''" }})

),

-- a cohort of a handful has no median to be compared with
cohorts as (

    select
        platform,
        tier,
        nullif(median(er_followers), 0) as er_followers_median
    from small_accounts
    where er_followers is not null
    group by
        platform,
        tier
    having count(*) >= {{ var('opportunity_min_known') }}

),

cohort_ratios as (

    select
        small_accounts.cluster_key,
        median(small_accounts.er_followers / cohorts.er_followers_median) as er_followers_ratio,
        count(small_accounts.er_followers / cohorts.er_followers_median) as known_count,
        count(*) as members_count
    from small_accounts
    left join cohorts
        on small_accounts.platform = cohorts.platform
        and small_accounts.tier = cohorts.tier
    group by small_accounts.cluster_key

),

category_counts as (

    select
        cluster_key,
        category,
        count(*) as influencers_count
    from influencers
    where category is not null
    group by
        cluster_key,
        category

),

category_shares as (

    select
        cluster_key,
        category,
        sum(influencers_count) over (partition by cluster_key) as known_count,
        influencers_count / sum(influencers_count) over (partition by cluster_key) as share_ratio,
        -- "other" is the name of no niche, however common it is
        case when category = 'other' then 0 else 1 end
        * (influencers_count / sum(influencers_count) over (partition by cluster_key))
        / (sum(influencers_count) over (partition by category) / sum(influencers_count) over ()) as lift_ratio
    from category_counts

),

niches as (

    select
        *,
        -- of those large enough to be one, the one that is most above everyone; of equals the first in the alphabet
        row_number() over (
            partition by cluster_key
            order by
                category != 'other' desc, share_ratio >= {{ var('opportunity_min_niche_share') }} desc, lift_ratio desc, category asc
        ) as place
    from category_shares

),

measures as (

    {%- for statistic, column in [('robust_z', 'robust_z'), ('median', 'cluster_median')] %}
    select
        clusters.cluster_key,
        profiles.feature as measure,
        '{{ statistic }}' as statistic,
        profiles.{{ column }} as measured,
        cast(round(profiles.known_share_ratio * clusters.influencers_count) as bigint) as known_count,
        clusters.influencers_count as members_count
    from clusters
    inner join profiles
        on clusters.cluster_key = profiles.cluster_key
    union all
    {%- endfor %}
    select
        cluster_key,
        'er_followers' as measure,
        'cohort_ratio' as statistic,
        er_followers_ratio as measured,
        known_count,
        members_count
    from cohort_ratios
    {%- for statistic, column in [('share', 'share_ratio'), ('lift', 'lift_ratio')] %}
    union all
    select
        clusters.cluster_key,
        'category' as measure,
        '{{ statistic }}' as statistic,
        niches.{{ column }} as measured,
        cast(niches.known_count as bigint) as known_count,
        clusters.influencers_count as members_count
    from clusters
    inner join niches
        on clusters.cluster_key = niches.cluster_key
        and niches.place = 1
    {%- endfor %}

),

judged as (

    select
        conditions.*,
        clusters.cluster_key,
        measures.measured,
        coalesce(measures.members_count, 0) as members_count,
        coalesce(measures.known_count, 0) as known_count,
        coalesce(measures.known_count / nullif(measures.members_count, 0), 0.0) as known_share_ratio,
        case
            when conditions.comparison = 'at_least' then measures.measured >= conditions.threshold
            else measures.measured <= conditions.threshold
        end as is_met
    from conditions
    cross join clusters
    left join measures
        on clusters.cluster_key = measures.cluster_key
        and conditions.measure = measures.measure
        and conditions.statistic = measures.statistic

),

placed as (

    select
        *,
        row_number() over (
            partition by rule_name, cluster_key
            order by known_share_ratio asc, condition_order asc
        ) as place_by_knowledge
    from judged

),

weighed as (

    select
        rule_name,
        rule_order,
        cluster_key,
        min(members_count) as members_count,
        min(known_count) as known_count,
        min(known_share_ratio) as known_share_ratio,
        max(measure) filter (where place_by_knowledge = 1) as least_known_measure,
        count(*) = count(measured) as is_measured,
        count(*) = count(*) filter (where is_met) as is_met
        {%- for place in [1, 2] %},
        max(measure) filter (where condition_order = {{ place }}) as measure_{{ place }},
        max(statistic) filter (where condition_order = {{ place }}) as statistic_{{ place }},
        max(comparison) filter (where condition_order = {{ place }}) as comparison_{{ place }},
        max(threshold) filter (where condition_order = {{ place }}) as threshold_{{ place }},
        max(measured) filter (where condition_order = {{ place }}) as measured_{{ place }}
        {%- endfor %}
    from placed
    group by
        rule_name,
        rule_order,
        cluster_key

)

select
    weighed.rule_name,
    weighed.cluster_key,
    clusters.cluster_run_id,
    weighed.rule_order,
    case
        when
            not weighed.is_measured
            or weighed.known_count < {{ var('opportunity_min_known') }}
            or weighed.known_share_ratio < {{ var('opportunity_min_known_share') }}
            then 'not_known'
        when weighed.is_met then 'met'
        else 'not_met'
    end as verdict,
    weighed.measure_1,
    weighed.statistic_1,
    weighed.comparison_1,
    weighed.threshold_1,
    weighed.measured_1,
    weighed.measure_2,
    weighed.statistic_2,
    weighed.comparison_2,
    weighed.threshold_2,
    weighed.measured_2,
    niches.category as niche,
    weighed.members_count,
    weighed.known_count,
    weighed.known_share_ratio,
    weighed.least_known_measure,
    clusters.stability,
    clusters.stability_reading
from weighed
inner join clusters
    on weighed.cluster_key = clusters.cluster_key
left join niches
    on weighed.cluster_key = niches.cluster_key
    and niches.place = 1
    and weighed.measure_1 = 'category'
