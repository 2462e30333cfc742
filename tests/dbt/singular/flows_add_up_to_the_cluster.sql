-- Who stayed, came and arrived are the members of this run; who stayed, went and left were those of the run before.
with history as (

    select
        *,
        max(run_order) over () as last_run_order
    from {{ ref('rpt_cluster_history') }}

),

flows as (

    select
        cluster_key,
        sum(influencers) filter (where flow in ('stayed', 'came', 'arrived')) as influencers_now,
        sum(influencers) filter (where flow in ('stayed', 'went', 'left')) as influencers_before
    from {{ ref('rpt_cluster_migrations') }}
    group by cluster_key

),

sizes as (

    select
        cluster_key,
        max(influencers) filter (where run_order = last_run_order) as influencers_now,
        max(influencers) filter (where run_order = last_run_order - 1) as influencers_before
    from history
    where last_run_order > 1
    group by cluster_key

)

select coalesce(flows.cluster_key, sizes.cluster_key) as cluster_key
from flows
full outer join sizes
    on flows.cluster_key = sizes.cluster_key
where
    flows.influencers_now is distinct from sizes.influencers_now
    or flows.influencers_before is distinct from sizes.influencers_before
