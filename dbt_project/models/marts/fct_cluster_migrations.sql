-- Grain: one row per run and influencer whose cluster is another than in the run before of the same kind of source, who arrived or who left.
with memberships as (

    select * from {{ ref('fct_cluster_memberships') }}

),

runs as (

    select
        cluster_run_id,
        source_kind,
        min(model_id) as model_id,
        min(built_at) as built_at
    from memberships
    group by
        cluster_run_id,
        source_kind

),

consecutive as (

    select
        cluster_run_id,
        source_kind,
        model_id,
        built_at,
        -- nobody moves from the sample to a list
        lag(cluster_run_id) over (partition by source_kind order by built_at asc, cluster_run_id asc) as previous_cluster_run_id,
        lag(model_id) over (partition by source_kind order by built_at asc, cluster_run_id asc) as previous_model_id
    from runs

),

now as (

    select
        consecutive.cluster_run_id,
        consecutive.previous_cluster_run_id,
        memberships.influencer_key,
        memberships.platform,
        memberships.cluster_key
    from consecutive
    inner join memberships
        on consecutive.cluster_run_id = memberships.cluster_run_id
    where consecutive.previous_cluster_run_id is not null

),

before as (

    select
        consecutive.cluster_run_id,
        consecutive.previous_cluster_run_id,
        memberships.influencer_key,
        memberships.platform,
        memberships.cluster_key
    from consecutive
    inner join memberships
        on consecutive.previous_cluster_run_id = memberships.cluster_run_id

),

paired as (

    select
        coalesce(now.cluster_run_id, before.cluster_run_id) as cluster_run_id,
        coalesce(now.influencer_key, before.influencer_key) as influencer_key,
        coalesce(now.platform, before.platform) as platform,
        before.cluster_key as from_cluster_key,
        now.cluster_key as to_cluster_key
    from now
    full outer join before
        on now.cluster_run_id = before.cluster_run_id
        and now.influencer_key = before.influencer_key

)

select
    paired.cluster_run_id,
    consecutive.source_kind,
    paired.influencer_key,
    paired.platform,
    consecutive.previous_cluster_run_id,
    case
        when paired.from_cluster_key is null then 'arrived'
        when paired.to_cluster_key is null then 'left'
        else 'moved'
    end as migration,
    paired.from_cluster_key,
    paired.to_cluster_key,
    -- under the same model an influencer moves because its figures did; under another, the clusters may have
    consecutive.model_id != consecutive.previous_model_id as is_other_model,
    consecutive.built_at
from paired
inner join consecutive
    on paired.cluster_run_id = consecutive.cluster_run_id
where paired.from_cluster_key is distinct from paired.to_cluster_key
