-- Grain: one row per feature: how far its distribution has moved since the accepted model was fitted; no row at the first model.
with drift as (

    select * from {{ ref('ftr_drift') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

)

select
    drift.feature,
    runs.cluster_run_id,
    runs.previous_model_id as accepted_model_id,
    drift.population_stability_index,
    -- the bounds that users of the index go by
    case
        when drift.population_stability_index < 0.1 then 'stable'
        when drift.population_stability_index < 0.25 then 'shifting'
        else 'shifted'
    end as drift_reading
from drift
cross join runs
