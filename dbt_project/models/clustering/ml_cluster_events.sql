-- Grain: one row per event between a model and the one accepted before it: clusters kept, born, died, split and merged.
with runs as (

    select * from {{ ref('ml_runs') }}

),

accepted as (

    select * from {{ ref('accepted_events') }}

),

fitted as (

    select
        runs.model_id,
        runs.accepted_at,
        matches.event,
        matches.cluster_key,
        matches.other_cluster_key,
        matches.share_ratio,
        matches.jaccard,
        matches.centre_distance
    from {{ ref('fit_matches') }} as matches
    cross join runs
    -- a fit that gave the accepted model again is no event
    where runs.accepted_at not in (select accepted.accepted_at from accepted)

)

select * from fitted
union all
select * from accepted
