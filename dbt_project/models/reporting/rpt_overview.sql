-- Grain: one row: the key figures of the site.
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

posts as (

    select count(*) as posts_count
    from {{ ref('fct_posts') }}

),

rows_seen as (

    select
        coalesce(sum(rows_landed), 0) as rows_landed,
        coalesce(sum(rows_quarantined), 0) as rows_quarantined
    from {{ ref('row_accounting') }}

),

rejects as (

    select count(*) as rows_rejected
    from {{ ref('stg_rejects') }}

),

observed as (

    -- dates that were only assumed from the import are no observation
    select
        cast(min(observed_at) as date) as observed_from,
        cast(max(observed_at) as date) as observed_to
    from (
        select observed_at from {{ ref('fct_account_observations') }}
        where not is_observed_at_assumed
        union all
        select coalesce(observed_at, posted_at) as observed_at from {{ ref('fct_posts') }}
    ) as moments

),

axes as (

    select
        coalesce(max(explained_variance_ratio) filter (where axis = 1), 0.0) as pca_1_variance_ratio,
        coalesce(max(explained_variance_ratio) filter (where axis = 2), 0.0) as pca_2_variance_ratio
    from {{ ref('ml_pca_axes') }}

),

map as (

    select count(*) as map_points
    from {{ ref('rpt_map_points') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

),

build as (

    select build_id
    from {{ ref('current_build') }}

),

migrations as (

    select
        count(*) filter (where migrations.migration = 'moved') as moved_influencers,
        count(*) filter (where migrations.migration = 'arrived') as arrived_influencers,
        count(*) filter (where migrations.migration = 'left') as left_influencers
    from {{ ref('fct_cluster_migrations') }} as migrations
    inner join runs
        on migrations.cluster_run_id = runs.cluster_run_id

),

-- the run before, whether or not anybody moved since
earlier as (

    select count(distinct memberships.cluster_run_id) as runs_before
    from {{ ref('fct_cluster_memberships') }} as memberships
    inner join runs
        on memberships.source_kind = runs.source_kind
        and memberships.cluster_run_id != runs.cluster_run_id

),

counted as (

    select
        (select count(*) from influencers) as influencers,
        (select count(*) filter (where not is_noise and status != 'retired') from clusters) as clusters,
        (select count(*) filter (where status = 'new') from clusters) as new_clusters,
        (select count(*) filter (where cluster_key = 'noise') from influencers) as noise_influencers

)

select
    '{{ source_kind() }}' as source_kind,
    counted.influencers,
    counted.clusters,
    posts.posts_count as posts,
    cast(rows_seen.rows_landed as bigint) as rows_landed,
    cast(rows_seen.rows_quarantined as bigint) as rows_quarantined,
    coalesce(rows_seen.rows_quarantined / nullif(rows_seen.rows_landed, 0), 0) as quarantined_share_ratio,
    rejects.rows_rejected,
    observed.observed_from,
    observed.observed_to,
    coalesce(runs.algorithm, 'none') as algorithm,
    coalesce(runs.k, 0) as k,
    case when runs.cluster_run_id is null then 'no_influencers' else runs.selection_code end as selection_code,
    coalesce(runs.selection_reason, 'There were no influencers to cluster.') as selection_reason,
    runs.silhouette,
    runs.null_silhouette,
    runs.stability,
    {{ stability_reading('runs.stability') }} as stability_reading,
    runs.fidelity,
    coalesce(runs.structure_found, false) as structure_found,
    coalesce(runs.candidates_count, 0) as candidates_count,
    coalesce(runs.passing_count, 0) as passing_count,
    counted.noise_influencers,
    coalesce(runs.fit_rows, 0) as fit_rows,
    axes.pca_1_variance_ratio,
    axes.pca_2_variance_ratio,
    map.map_points,
    coalesce(runs.cluster_run_id, 'none') as cluster_run_id,
    runs.model_id,
    cast(runs.accepted_at as timestamp) as model_accepted_at,
    coalesce(runs.refit_reason, 'no_influencers') as refit_reason,
    earlier.runs_before > 0 as has_run_before,
    migrations.moved_influencers,
    migrations.arrived_influencers,
    migrations.left_influencers,
    counted.new_clusters,
    build.build_id,
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as built_at
from counted
cross join posts
cross join rows_seen
cross join rejects
cross join observed
cross join axes
cross join map
cross join migrations
cross join earlier
cross join build
left join runs
    on true
