-- Grain: one row per influencer: what may make one look twice, each figure with its place among comparable influencers, and their sum.
{%- set signals = authenticity_signals() %}
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

percentiles as (

    select
        influencer_key,
        {%- for signal in signals %}
        {%- for column in ['value', 'percentile', 'cohort_step', 'cohort_influencers_count'] %}
        max({{ column }}) filter (where metric = '{{ signal.metric }}') as {{ signal.signal }}_{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('influencer_percentiles') }}
    where metric in ({% for signal in signals %}'{{ signal.metric }}'{{ ', ' if not loop.last }}{% endfor %})
    group by influencer_key

),

parts as (

    select
        *,
        {%- for signal in signals %}
        {{ signal_part(signal, signal.signal ~ '_value', signal.signal ~ '_percentile') }} as {{ signal.signal }}_part{{ ',' if not loop.last }}
        {%- endfor %}
    from percentiles

),

-- what is not known adds nothing, and is not asked for
summed as (

    select
        *,
        {%- set weighing = signals | selectattr('weight', 'gt', 0) | list %}
        0e0{% for signal in weighing %} + {{ signal.weight }} * coalesce({{ signal.signal }}_part, 0){% endfor %} as signals_sum,
        0e0{% for signal in weighing %} + case when {{ signal.signal }}_part is null then 0 else {{ signal.weight }} end{% endfor %} as signals_sum_most,
        0{% for signal in weighing %} + case when {{ signal.signal }}_part is null then 0 else 1 end{% endfor %} as signals_known_count
    from parts

)

select
    influencers.influencer_key,
    influencers.platform,
    influencers.tier,
    influencers.cluster_key,
    {%- for signal in signals %}
    summed.{{ signal.signal }}_value as {{ signal.metric }},
    summed.{{ signal.signal }}_percentile as {{ signal.metric }}_percentile,
    summed.{{ signal.signal }}_cohort_step as {{ signal.metric }}_cohort_step,
    summed.{{ signal.signal }}_cohort_influencers_count as {{ signal.metric }}_cohort_influencers_count,
    summed.{{ signal.signal }}_part,
    {%- endfor %}
    cast(coalesce(summed.signals_known_count, 0) as bigint) as signals_known_count,
    case when summed.signals_known_count > 0 then summed.signals_sum end as signals_sum,
    nullif(summed.signals_sum_most, 0) as signals_sum_most,
    summed.signals_sum / nullif(summed.signals_sum_most, 0) as signals_sum_ratio,
    case
        when summed.signals_known_count >= {{ var('authenticity_min_known') }}
            then summed.signals_sum / nullif(summed.signals_sum_most, 0) > {{ var('authenticity_bound') }}
    end as is_above_bound
from influencers
left join summed
    on influencers.influencer_key = summed.influencer_key
