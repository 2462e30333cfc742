-- Grain: one row per cluster with members: how many of them lie above the bound of the signals, beside everyone.
with clusters as (

    select * from {{ ref('rpt_clusters') }}

),

shares as (

    select * from {{ ref('authenticity_shares') }}

),

everyone as (

    select * from shares
    where dimension = 'everyone'

)

select
    clusters.cluster_key,
    shares.judged_influencers_count as judged_influencers,
    shares.above_bound_influencers_count as above_bound_influencers,
    shares.above_bound_share_ratio,
    everyone.above_bound_share_ratio as everyone_share_ratio,
    shares.bound_ratio,
    shares.signals_known_min_count as signals_known_min
from clusters
inner join shares
    on clusters.cluster_key = shares.group_name
    and shares.dimension = 'cluster'
cross join everyone
