-- Each cluster has a size in every run that is kept, and the one of the last run is the one of its page.
with history as (

    select
        *,
        max(run_order) over () as last_run_order,
        count(*) over (partition by cluster_key) as runs_count
    from {{ ref('rpt_cluster_history') }}

)

select clusters.cluster_key
from {{ ref('rpt_clusters') }} as clusters
left join history
    on clusters.cluster_key = history.cluster_key
    and history.run_order = history.last_run_order
where
    history.influencers is distinct from clusters.influencers
    or history.runs_count is distinct from history.last_run_order
