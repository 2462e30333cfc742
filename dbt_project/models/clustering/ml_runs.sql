-- Grain: one row per clustering run of this warehouse: what was fitted on what.
with selection as (

    select * from {{ ref('ml_selection') }}

),

prototypes as (

    select * from {{ ref('ml_prototypes') }}

),

fingerprint as (

    select md5(string_agg(
        prototype_id || ':' || feature || ':' || centre || ':' || weight || ':' || bias || ':' || coalesce(cast(radius as varchar), ''), '|' order by prototype_id asc, feature asc
    )) as model_fingerprint
    from prototypes

)

select
    -- the same input and parameters give the same run
    substr(fingerprint.model_fingerprint, 1, 12) as cluster_run_id,
    selection.candidate_id,
    selection.algorithm,
    selection.k,
    selection.setting,
    selection.fit_rows,
    selection.features_count,
    selection.random_seed,
    selection.silhouette,
    selection.noise_share,
    selection.fidelity,
    selection.stability,
    selection.null_silhouette,
    selection.structure_found,
    selection.candidates_count,
    selection.reason as selection_reason,
    fingerprint.model_fingerprint,
    '{{ source_kind() }}' as source_kind,
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as built_at
from selection
cross join fingerprint
