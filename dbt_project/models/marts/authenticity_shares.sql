-- Grain: one row per group of influencers: the share whose sum of signals lies above the bound.
{%- set groups = {
    'everyone': "'everyone'",
    'cluster': 'cluster_key',
    'platform': 'platform',
    'platform_tier': "case when tier is not null then concat_ws('/', platform, tier) end",
} %}
with signals as (

    select * from {{ ref('authenticity_signals') }}

),

grouped as (

    {%- for dimension, value in groups.items() %}
    select
        '{{ dimension }}' as dimension,
        {{ value }} as group_name,
        is_above_bound
    from signals
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    dimension,
    group_name,
    count(*) as influencers_count,
    count(is_above_bound) as judged_influencers_count,
    count(*) filter (where is_above_bound) as above_bound_influencers_count,
    -- of a handful the count says more than a share
    case
        when count(is_above_bound) >= {{ var('small_group_influencers') }}
            then count(*) filter (where is_above_bound) / count(is_above_bound)
    end as above_bound_share_ratio,
    cast({{ var('authenticity_bound') }} as double) as bound_ratio,
    cast({{ var('authenticity_min_known') }} as bigint) as signals_known_min_count
from grouped
where group_name is not null
group by
    dimension,
    group_name
