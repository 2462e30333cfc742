-- Grain: one row per influencer, counter and moment at which the counter cannot have come from the moment before.
with anomalies as (

    select * from {{ ref('int_counter_anomalies') }}

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
from anomalies
