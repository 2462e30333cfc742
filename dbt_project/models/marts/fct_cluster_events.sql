-- Grain: one row per accepted model and event of its clusters: kept, born, died, split or merged.
with events as (

    select * from {{ ref('ml_cluster_events') }}

)

select
    model_id,
    event,
    cluster_key,
    other_cluster_key,
    share_ratio,
    jaccard,
    centre_distance,
    cast(accepted_at as timestamp) as accepted_at
from events
