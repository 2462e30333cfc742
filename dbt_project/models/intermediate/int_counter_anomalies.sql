-- Grain: one row per influencer, counter and moment at which the counter cannot have come from the moment before.
{%- set counters = ['followers_count', 'total_views_count', 'total_likes_count', 'posts_count'] %}
with observations as (

    select * from {{ ref('int_account_observations') }}
    -- a date that was only assumed from the import says nothing of how much time there was
    where not is_observed_at_assumed

),

counted as (

    {%- for counter in counters %}
    select
        influencer_key,
        platform,
        source,
        observed_at,
        '{{ counter }}' as counter,
        {{ counter }} as value_now
    from observations
    where {{ counter }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

ordered as (

    select
        *,
        lag(observed_at) over (partition by influencer_key, counter order by observed_at asc) as observed_before_at,
        lag(value_now) over (partition by influencer_key, counter order by observed_at asc) as value_before
    from counted

),

judged as (

    select
        *,
        {{ dbt.datediff('observed_before_at', 'observed_at', 'day') }} as span_days,
        case
            when value_now < (1 - {{ var('counter_reset_min_fall') }}) * value_before then 'reset'
            -- what may be in a month may be in a shorter time; in a longer one it may be again and again
            when
                value_now > value_before * power(
                    {{ var('counter_jump_factor') }}, greatest({{ dbt.datediff('observed_before_at', 'observed_at', 'day') }}, 30) / 30e0
                )
                then 'jump'
        end as anomaly
    from ordered
    where value_before >= {{ var('counter_judged_from') }}

)

select
    influencer_key,
    counter,
    observed_at,
    platform,
    source,
    anomaly,
    observed_before_at,
    span_days,
    value_before,
    value_now
from judged
where anomaly is not null
