-- Grain: one row per prototype and feature: the model, as `ftr_scaled` is scored with it.
with prototypes as (

    select * from {{ ref('ml_prototypes') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

)

select
    prototypes.prototype_id,
    prototypes.cluster_key,
    prototypes.feature,
    runs.cluster_run_id,
    prototypes.centre,
    prototypes.weight,
    prototypes.bias,
    prototypes.radius
from prototypes
cross join runs
