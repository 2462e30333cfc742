-- Grain: one row per cluster of the last accepted model: its share of the influencers then and now; no row at the first model.
with drift as (

    select * from {{ ref('cluster_drift') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

)

select
    drift.cluster_key,
    clusters.cluster_name_en,
    clusters.cluster_name_fr,
    clusters.cluster_order,
    drift.accepted_share_ratio,
    drift.share_ratio,
    drift.share_change_ratio
from drift
inner join clusters
    on drift.cluster_key = clusters.cluster_key
