-- Grain: one row per influencer whose followers were observed at least twice.
with breaks as (

    select
        influencer_key,
        max(observed_at) as broken_at
    from {{ ref('int_counter_anomalies') }}
    where counter = 'followers_count'
    group by influencer_key

),

-- Across a reset or an impossible jump there is no growth: what was counted before was something else.
observations as (

    select
        accounts.influencer_key,
        accounts.observed_at,
        accounts.followers_count
    from {{ ref('int_account_observations') }} as accounts
    left join breaks
        on accounts.influencer_key = breaks.influencer_key
    where
        accounts.followers_count is not null
        and accounts.observed_at >= coalesce(breaks.broken_at, accounts.observed_at)

),

latest as (

    select
        influencer_key,
        max(observed_at) as observed_at,
        max_by(followers_count, observed_at) as followers_count
    from observations
    group by influencer_key

),

earlier as (

    select
        latest.influencer_key,
        latest.observed_at as observed_now_at,
        observations.observed_at as observed_then_at,
        latest.followers_count as followers_now_count,
        observations.followers_count as followers_then_count,
        {{ days_between('observations.observed_at', 'latest.observed_at') }} as span_days
    from observations
    inner join latest
        on observations.influencer_key = latest.influencer_key
        and observations.observed_at < latest.observed_at

),

-- What came and went since the day on which the account was looked at before: a fact after any span, where growth needs one that can be
-- brought to a month.
changes as (

    select
        influencer_key,
        max(cast(observed_then_at as date)) as followers_change_since,
        max(followers_now_count) - max_by(followers_then_count, observed_then_at) as followers_change_count
    from earlier
    where cast(observed_then_at as date) < cast(observed_now_at as date)
    group by influencer_key

),

-- The observation nearest to 30 (90) days before the last stands for the month (quarter); a longer or shorter span is
-- brought to it by compound growth. Outside the ranges it would be a guess.
growth as (

    select
        influencer_key,
        min_by(power(followers_now_count / followers_then_count, 30e0 / span_days) - 1, abs(span_days - 30) * 1000 + span_days)
            filter (where span_days between 15 and 60) as growth_30d_ratio,
        min_by(power(followers_now_count / followers_then_count, 90e0 / span_days) - 1, abs(span_days - 90) * 1000 + span_days)
            filter (where span_days between 45 and 180) as growth_90d_ratio
    from earlier
    -- zero grows to anything
    where followers_then_count > 0
    group by influencer_key

)

select
    changes.influencer_key,
    growth.growth_30d_ratio,
    growth.growth_90d_ratio,
    changes.followers_change_count,
    changes.followers_change_since
from changes
left join growth
    on changes.influencer_key = growth.influencer_key
