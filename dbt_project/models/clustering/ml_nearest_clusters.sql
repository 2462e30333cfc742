-- Grain: one row per cluster: the other cluster that most of its members would go to.
with assignments as (

    select * from {{ ref('ml_assignments') }}

),

-- The runner-up is judged by the model itself, member by member. A distance between medians would count the imputed as known and
-- see one centre where a cluster has several prototypes.
named as (

    select
        cluster_key,
        runner_up_cluster_key,
        count(*) as influencers_count
    from assignments
    where
        runner_up_cluster_key is not null
        and cluster_key != 'noise'
    group by
        cluster_key,
        runner_up_cluster_key

),

ranked as (

    select
        cluster_key,
        runner_up_cluster_key as nearest_cluster_key,
        influencers_count / sum(influencers_count) over (partition by cluster_key) as runner_up_share_ratio,
        row_number() over (
            partition by cluster_key
            -- of clusters named equally often the one with the smaller key: clusters are numbered from the largest
            order by influencers_count desc, runner_up_cluster_key asc
        ) as place
    from named

)

select
    cluster_key,
    nearest_cluster_key,
    runner_up_share_ratio
from ranked
where place = 1
