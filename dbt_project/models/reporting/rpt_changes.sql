-- Grain: one row per change: of a cluster, when the model in force was accepted, or of a feature, since the accepted model was fitted.
with events as (

    select * from {{ ref('fct_cluster_events') }}
    -- a cluster that was kept has not changed
    where event != 'kept'

),

drift as (

    select * from {{ ref('feature_drift') }}
    where drift_reading != 'stable'

),

runs as (

    select * from {{ ref('ml_runs') }}

),

run_before as (

    select max(memberships.built_at) as built_at
    from {{ ref('fct_cluster_memberships') }} as memberships
    inner join runs
        on memberships.source_kind = runs.source_kind
        and memberships.cluster_run_id != runs.cluster_run_id

),

clusters as (

    select
        cluster_key,
        cluster_name_en,
        cluster_name_fr
    from {{ ref('dim_clusters') }}

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

),

cluster_changes as (

    select
        events.event as change,
        clusters.cluster_key,
        clusters.cluster_name_en,
        clusters.cluster_name_fr,
        others.cluster_key as other_cluster_key,
        others.cluster_name_en as other_cluster_name_en,
        others.cluster_name_fr as other_cluster_name_fr,
        events.share_ratio,
        -- a model that an earlier run already had is no news of this one
        coalesce(events.accepted_at > run_before.built_at, false) as is_since_run_before
    from events
    inner join runs
        on events.model_id = runs.model_id
    inner join clusters
        on events.cluster_key = clusters.cluster_key
    left join clusters as others
        on events.other_cluster_key = others.cluster_key
    cross join run_before

),

feature_changes as (

    select
        drift.drift_reading as change,
        drift.feature,
        catalogue.label_en as feature_label_en,
        catalogue.label_fr as feature_label_fr,
        drift.population_stability_index
    from drift
    inner join catalogue
        on drift.feature = catalogue.feature

)

select
    change,
    cluster_key,
    other_cluster_key,
    cast(null as string) as feature,
    cluster_name_en,
    cluster_name_fr,
    other_cluster_name_en,
    other_cluster_name_fr,
    cast(null as string) as feature_label_en,
    cast(null as string) as feature_label_fr,
    share_ratio,
    cast(null as double) as population_stability_index,
    is_since_run_before
from cluster_changes
union all
select
    change,
    cast(null as string) as cluster_key,
    cast(null as string) as other_cluster_key,
    feature,
    cast(null as string) as cluster_name_en,
    cast(null as string) as cluster_name_fr,
    cast(null as string) as other_cluster_name_en,
    cast(null as string) as other_cluster_name_fr,
    feature_label_en,
    feature_label_fr,
    cast(null as double) as share_ratio,
    population_stability_index,
    false as is_since_run_before
from feature_changes
