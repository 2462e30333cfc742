-- Grain: one row per clustering run whose memberships and whose model are kept, the latest first.
with memberships as (

    select * from {{ ref('fct_cluster_memberships') }}

),

migrations as (

    select * from {{ ref('fct_cluster_migrations') }}

),

-- A warehouse that was built from the sample before the first import holds runs of both, and models of one kind of source only.
models as (

    select
        model_id,
        accepted_at,
        algorithm,
        stability
    from {{ ref('accepted_models') }}
    where model_id not in (select model_id from {{ ref('ml_runs') }})

    union all

    select
        model_id,
        accepted_at,
        algorithm,
        stability
    from {{ ref('ml_runs') }}

),

current_run as (

    select cluster_run_id
    from {{ ref('ml_runs') }}

),

runs as (

    select
        cluster_run_id,
        model_id,
        max(built_at) as built_at,
        count(*) as influencers,
        count(distinct cluster_key) filter (where cluster_key != 'noise') as clusters,
        count(*) filter (where cluster_key = 'noise') as noise_influencers
    from memberships
    group by
        cluster_run_id,
        model_id

),

moves as (

    select
        cluster_run_id,
        count(*) filter (where migration = 'moved') as moved_influencers
    from migrations
    group by cluster_run_id

)

select
    runs.cluster_run_id,
    row_number() over (order by runs.built_at desc, runs.cluster_run_id desc) as run_order,
    runs.built_at,
    runs.model_id,
    cast(models.accepted_at as timestamp) as model_accepted_at,
    coalesce(models.algorithm, 'not stated') as algorithm,
    models.stability,
    runs.clusters,
    runs.influencers,
    runs.noise_influencers,
    coalesce(moves.moved_influencers, 0) as moved_influencers,
    current_run.cluster_run_id is not null as is_current
from runs
inner join models
    on runs.model_id = models.model_id
left join moves
    on runs.cluster_run_id = moves.cluster_run_id
left join current_run
    on runs.cluster_run_id = current_run.cluster_run_id
