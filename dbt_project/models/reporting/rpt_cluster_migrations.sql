-- Grain: one row per cluster, flow and other cluster: where its members were in the run before, and where those of then are now.
-- No row where there is no run before.
with runs as (

    select * from {{ ref('ml_runs') }}

),

history as (

    select
        *,
        lag(influencers) over (partition by cluster_key order by run_order asc) as influencers_before
    from {{ ref('rpt_cluster_history') }}

),

migrations as (

    select * from {{ ref('fct_cluster_migrations') }}

),

names as (

    select * from {{ ref('dim_clusters') }}

),

sizes as (

    select history.*
    from history
    inner join runs
        on history.cluster_run_id = runs.cluster_run_id
    where history.influencers_before is not null

),

changes as (

    select
        migrations.migration,
        migrations.from_cluster_key,
        migrations.to_cluster_key,
        count(*) as influencers
    from migrations
    inner join runs
        on migrations.cluster_run_id = runs.cluster_run_id
    group by
        migrations.migration,
        migrations.from_cluster_key,
        migrations.to_cluster_key

),

inward as (

    select
        to_cluster_key as cluster_key,
        case when migration = 'arrived' then 'arrived' else 'came' end as flow,
        from_cluster_key as other_cluster_key,
        influencers
    from changes
    where to_cluster_key is not null

),

outward as (

    select
        from_cluster_key as cluster_key,
        case when migration = 'left' then 'left' else 'went' end as flow,
        to_cluster_key as other_cluster_key,
        influencers
    from changes
    where from_cluster_key is not null

),

stayed as (

    select
        sizes.cluster_key,
        'stayed' as flow,
        cast(null as {{ dbt.type_string() }}) as other_cluster_key,
        sizes.influencers - cast(coalesce(sum(inward.influencers), 0) as bigint) as influencers
    from sizes
    left join inward
        on sizes.cluster_key = inward.cluster_key
    group by
        sizes.cluster_key,
        sizes.influencers

),

flows as (

    select * from stayed
    union all
    select * from inward
    union all
    select * from outward

)

select
    flows.cluster_key,
    flows.flow,
    flows.other_cluster_key,
    names.cluster_name_en as other_cluster_name_en,
    names.cluster_name_fr as other_cluster_name_fr,
    flows.influencers,
    -- of those that are there now, and of those that were there then
    flows.influencers / case when flows.flow in ('went', 'left') then sizes.influencers_before else sizes.influencers end as share_ratio
from flows
inner join sizes
    on flows.cluster_key = sizes.cluster_key
left join names
    on flows.other_cluster_key = names.cluster_key
