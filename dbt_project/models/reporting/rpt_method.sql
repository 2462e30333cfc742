-- Grain: one row: the run, the versions and the settings that the page on the method speaks of.
with request as (

    select * from {{ ref('build_request') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

),

model_file as (

    select * from {{ ref('model_file') }}

)

select
    runs.cluster_run_id,
    runs.model_id,
    cast(runs.accepted_at as timestamp) as model_accepted_at,
    runs.previous_model_id,
    coalesce(runs.is_refit, false) as is_refit,
    coalesce(runs.refit_reason, 'no_influencers') as refit_reason,
    runs.random_seed,
    runs.features_count,
    cast({{ distance_features() | selectattr('block', 'equalto', 'content') | list | length }} as bigint) as topics_count,
    runs.parameters_fingerprint,
    request.input_fingerprint,
    model_file.tribu_version as fit_tribu_version,
    model_file.dbt_version as fit_dbt_version,
    model_file.duckdb_version as fit_duckdb_version,
    model_file.scikit_learn_version as fit_scikit_learn_version,
    model_file.python_version as fit_python_version,
    '{{ dbt_version }}' as dbt_version,
    version() as engine_version,
    cast({{ var('post_window_days') }} as bigint) as post_window_days,
    cast({{ var('min_posts_for_rhythm') }} as bigint) as min_posts_for_rhythm,
    cast({{ var('feature_min_known_share') }} as double) as feature_min_known_share_ratio,
    cast({{ var('fit_sample_rows') }} as bigint) as fit_sample_rows,
    cast({{ var('silhouette_rows') }} as bigint) as silhouette_rows,
    cast({{ var('resamples') }} as bigint) as resamples,
    cast({{ var('resample_rows') }} as bigint) as resample_rows,
    cast({{ var('cluster_resamples') }} as bigint) as cluster_resamples,
    cast({{ var('null_draws') }} as bigint) as null_draws,
    cast({{ var('k_min') }} as bigint) as k_min,
    cast({{ var('k_max') }} as bigint) as k_max,
    cast({{ var('min_cluster_share') }} as double) as min_cluster_share_ratio,
    cast({{ var('max_cluster_share') }} as double) as max_cluster_share_ratio,
    cast({{ var('max_noise_share') }} as double) as max_noise_share_ratio,
    cast({{ var('min_stability') }} as double) as min_stability,
    cast({{ var('null_margin') }} as double) as null_margin,
    cast({{ var('silhouette_tolerance') }} as double) as silhouette_tolerance,
    cast({{ var('max_population_stability_index') }} as double) as max_population_stability_index
from request
left join runs
    on true
left join model_file
    on true
