-- Grain: one row per cluster of the last accepted model: its share of the influencers then and now; no row at the first model.
with accepted as (

    select * from {{ ref('accepted_clusters') }}
    where status != 'retired'

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

)

select
    accepted.cluster_key,
    runs.cluster_run_id,
    runs.previous_model_id as accepted_model_id,
    accepted.share_ratio as accepted_share_ratio,
    clusters.share_ratio,
    clusters.share_ratio - accepted.share_ratio as share_change_ratio
from accepted
inner join clusters
    on accepted.cluster_key = clusters.cluster_key
cross join runs
