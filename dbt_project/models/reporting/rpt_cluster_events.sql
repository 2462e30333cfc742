-- Grain: one row per cluster of today, model, event and other cluster: what became of it from one accepted model to the next.
with clusters as (

    select * from {{ ref('rpt_clusters') }}

),

events as (

    select
        *,
        dense_rank() over (order by accepted_at desc) as model_rank
    from {{ ref('fct_cluster_events') }}

),

names as (

    select * from {{ ref('dim_clusters') }}

),

-- Splits and mergers are told on both sides, each as its page would say it.
told as (

    select
        cluster_key,
        model_id,
        accepted_at,
        case event when 'split' then 'split_from' when 'merged' then 'took_in' else event end as event,
        other_cluster_key,
        share_ratio,
        jaccard,
        model_rank
    from events
    where
        -- a build that scores with an earlier model brings back what a later one ended
        event != 'died'
        and cluster_key is distinct from other_cluster_key
    union all
    select
        other_cluster_key as cluster_key,
        model_id,
        accepted_at,
        case event when 'split' then 'split_into' else 'went_into' end as event,
        cluster_key as other_cluster_key,
        share_ratio,
        jaccard,
        model_rank
    from events
    where
        event in ('split', 'merged')
        and cluster_key is distinct from other_cluster_key

)

select
    told.cluster_key,
    told.model_id,
    told.accepted_at,
    told.event,
    told.other_cluster_key,
    names.cluster_name_en as other_cluster_name_en,
    names.cluster_name_fr as other_cluster_name_fr,
    told.share_ratio,
    told.jaccard
from told
inner join clusters
    on told.cluster_key = clusters.cluster_key
left join names
    on told.other_cluster_key = names.cluster_key
-- as many models as runs are kept, and the birth, however long ago
where
    told.model_rank <= {{ var('membership_runs_kept') }}
    or told.event = 'born'
