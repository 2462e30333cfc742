-- Grain: one row per run of this kind of source that the warehouse keeps and cluster of today: its members then, 0 where there were none.
with clusters as (

    select * from {{ ref('rpt_clusters') }}

),

memberships as (

    select memberships.*
    from {{ ref('fct_cluster_memberships') }} as memberships
    inner join {{ ref('ml_runs') }} as current_run
        on memberships.source_kind = current_run.source_kind

),

runs as (

    select
        cluster_run_id,
        min(model_id) as model_id,
        max(built_at) as built_at,
        count(*) as influencers
    from memberships
    group by cluster_run_id

),

-- in the order of fct_cluster_migrations
ordered as (

    select
        *,
        row_number() over (order by built_at asc, cluster_run_id asc) as run_order,
        lag(model_id) over (order by built_at asc, cluster_run_id asc) as previous_model_id
    from runs

),

sizes as (

    select
        cluster_run_id,
        cluster_key,
        count(*) as influencers
    from memberships
    group by
        cluster_run_id,
        cluster_key

)

select
    clusters.cluster_key,
    ordered.cluster_run_id,
    ordered.run_order,
    ordered.built_at,
    coalesce(ordered.model_id != ordered.previous_model_id, false) as is_other_model,
    coalesce(sizes.influencers, 0) as influencers,
    coalesce(sizes.influencers / ordered.influencers, 0) as share_ratio
from clusters
cross join ordered
left join sizes
    on clusters.cluster_key = sizes.cluster_key
    and ordered.cluster_run_id = sizes.cluster_run_id
