-- Grain: one row per influencer with a page and signal.
with pages as (

    select * from {{ ref('rpt_influencer_pages') }}

),

signals as (

    select * from {{ ref('authenticity_signals') }}

),

listed as (

    {%- for signal in authenticity_signals() %}
    select
        influencer_key,
        '{{ signal.signal }}' as signal_name,
        {{ loop.index }} as signal_order,
        {{ signal.metric }} as value,
        {{ signal.metric }}_percentile as percentile,
        {{ signal.metric }}_cohort_step as cohort_step,
        {{ signal.metric }}_cohort_influencers_count as cohort_influencers,
        {{ signal.signal }}_part as part,
        cast({{ signal.weight }} as double) as weight,
        signals_known_count,
        signals_sum,
        signals_sum_most
    from signals
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    pages.influencer_key,
    listed.signal_name,
    listed.signal_order,
    listed.value,
    listed.percentile,
    listed.cohort_step,
    listed.cohort_influencers,
    listed.part,
    listed.weight,
    listed.signals_known_count as signals_known,
    listed.signals_sum,
    listed.signals_sum_most
from pages
inner join listed
    on pages.influencer_key = listed.influencer_key
