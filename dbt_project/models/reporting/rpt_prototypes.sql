-- Grain: one row per prototype and feature: the model.
with prototypes as (

    select * from {{ ref('cluster_prototypes') }}

)

select
    prototype_id,
    feature,
    cluster_key,
    centre,
    weight,
    bias,
    radius
from prototypes
