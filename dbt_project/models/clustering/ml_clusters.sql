-- Grain: one row per cluster that the model in force has or its predecessors had.
with refit as (

    select * from {{ ref('ftr_refit') }}

),

request as (

    select * from {{ ref('build_request') }}

),

matches as (

    select
        cluster_key,
        cluster_ordinal,
        event
    from {{ ref('fit_matches') }}
    where event in ('kept', 'born')

),

stability as (

    select * from {{ ref('fit_cluster_stability') }}

),

accepted as (

    select * from {{ ref('accepted_clusters') }}

),

fitted as (

    select
        matches.cluster_key,
        matches.cluster_ordinal,
        -- the clusters of a first model are not news
        case when matches.event = 'born' and refit.accepted_model_id is not null then 'new' else 'active' end as status,
        coalesce(accepted.first_seen_at, request.requested_at) as first_seen_at,
        request.requested_at as last_seen_at,
        stability.stability,
        stability.worst_jaccard,
        stability.resamples_count
    from matches
    inner join stability
        on matches.cluster_ordinal = stability.cluster_ordinal
    left join accepted
        on matches.cluster_key = accepted.cluster_key
    cross join request
    cross join refit

),

-- A cluster that a new model no longer has keeps its row: who belonged to it once should still read its name.
left_behind as (

    select
        accepted.cluster_key,
        cast(null as bigint) as cluster_ordinal,
        case when refit.is_refit then 'retired' else accepted.status end as status,
        accepted.first_seen_at,
        case when refit.is_refit or accepted.status = 'retired' then accepted.last_seen_at else request.requested_at end as last_seen_at,
        accepted.stability,
        accepted.worst_jaccard,
        accepted.resamples_count
    from accepted
    left join fitted
        on accepted.cluster_key = fitted.cluster_key
    cross join refit
    cross join request
    where fitted.cluster_key is null

)

select * from fitted
union all
select * from left_behind
