-- Question: Between which clusters did people move in the last run, and was it they who changed or the model?
-- Read: Moves under the same model are changes of behaviour. Under another model the borders moved, and people stood still.
-- On the sample: 0 rows
-- After a second run: 7 rows; first migration = moved, from_cluster_key = c03, to_cluster_key = c01, influencers_count = 80
with migrations as (

    select * from {{ ref('fct_cluster_migrations') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

last_run as (

    select max_by(cluster_run_id, built_at) as cluster_run_id
    from migrations

),

flows as (

    select
        migrations.migration,
        migrations.from_cluster_key,
        migrations.to_cluster_key,
        migrations.is_other_model,
        count(*) as influencers_count
    from migrations
    inner join last_run
        on migrations.cluster_run_id = last_run.cluster_run_id
    group by
        migrations.migration,
        migrations.from_cluster_key,
        migrations.to_cluster_key,
        migrations.is_other_model

)

select
    flows.migration,
    flows.from_cluster_key,
    origins.cluster_name_en as from_cluster,
    flows.to_cluster_key,
    destinations.cluster_name_en as to_cluster,
    flows.is_other_model,
    flows.influencers_count,
    round(100 * flows.influencers_count / sum(flows.influencers_count) over (), 1) as share_pct
from flows
left join clusters as origins
    on flows.from_cluster_key = origins.cluster_key
left join clusters as destinations
    on flows.to_cluster_key = destinations.cluster_key
order by
    flows.influencers_count desc,
    flows.from_cluster_key asc,
    flows.to_cluster_key asc
