{# CTE `valued`: one row per influencer and figure that is known (features, and figures of signals that are none), with what cohorts are made of. #}
{% macro known_metrics() -%}
cohort_accounts as (

    select
        accounts.influencer_key,
        accounts.platform,
        tiers.tier,
        accounts.category
    from {{ ref('int_accounts') }} as accounts
    left join {{ ref('tiers') }} as tiers
        on accounts.followers_count >= tiers.followers_from
        and accounts.followers_count < coalesce(tiers.followers_below, cast('infinity' as double))

),

cohort_features as (

    select
        cohort_accounts.influencer_key,
        cohort_accounts.platform,
        cohort_accounts.tier,
        cohort_accounts.category,
        {%- for feature in compared_metrics() %}
        features.{{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cohort_accounts
    inner join {{ ref('ftr_influencers') }} as features
        on cohort_accounts.influencer_key = features.influencer_key

),

valued as (

    {%- for feature in compared_metrics() %}
    select
        influencer_key,
        platform,
        tier,
        category,
        '{{ feature }}' as metric,
        cast({{ feature }} as double) as value
    from cohort_features
    where {{ feature }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)
{%- endmacro %}


{# CTEs on top of `valued`. `cohort_members`: one row per known figure and per cohort that the figure counts in, of those cohorts that
   somebody is compared with. `own_cohort` is the one that its influencer is compared with. #}
{% macro cohort_members() -%}
compared as (

    select * from {{ ref('ftr_cohorts') }}

),

asked as (

    select distinct
        metric,
        cohort
    from compared

),

-- few rows: combinations, not influencers
counting as (

    select
        compared.platform,
        compared.tier,
        compared.category,
        compared.metric,
        compared.cohort as own_cohort,
        asked.cohort
    from compared
    inner join asked
        on compared.metric = asked.metric
        and asked.cohort in (compared.category_cohort, compared.tier_cohort, compared.platform_cohort, compared.widest_cohort)

),

cohort_members as (

    select
        valued.influencer_key,
        valued.platform,
        valued.metric,
        valued.value,
        counting.cohort,
        counting.own_cohort
    from valued
    inner join counting
        on valued.metric = counting.metric
        and valued.platform = counting.platform
        and valued.tier is not distinct from counting.tier
        and valued.category is not distinct from counting.category

)
{%- endmacro %}
