-- Grain: one row per cluster that the accepted model has or had: what the clusters of a new fit may be.
with clusters as (

    select * from {{ ref('accepted_clusters') }}

),

accepted as (

    select * from {{ ref('accepted_model') }}

)

select
    clusters.cluster_key,
    clusters.status != 'retired' as is_active,
    accepted.last_cluster_number
from clusters
cross join accepted
