-- Grain: one row: the clustering run of this build, that is which model met which rows; none where there was nothing to cluster.
with selection as (

    select * from {{ ref('ml_selection') }}

),

request as (

    select * from {{ ref('build_request') }}

),

refit as (

    select * from {{ ref('ftr_refit') }}

),

accepted as (

    select * from {{ ref('accepted_model') }}

),

prototypes as (

    select * from {{ ref('ml_prototypes') }}

),

clusters as (

    select coalesce(max(cast(substr(cluster_key, 2) as bigint)), 0) as last_cluster_number
    from {{ ref('ml_clusters') }}

),

scaling as (

    select
        {% set parts -%}
            platform{% for feature in feature_names() %}
            || ':' || coalesce(cast({{ feature }}_low as string), '') || ':' || coalesce(cast({{ feature }}_median as string), '')
            || ':' || coalesce(cast({{ feature }}_high as string), '') || ':' || coalesce(cast({{ feature }}_scale as string), '')
            || ':' || cast({{ feature }}_weight as string)
            {%- endfor %}
        {%- endset -%}
        {{ text_in_order(parts, '|', ['platform']) }} as content
    from {{ ref('ftr_scaling') }}

),

topics as (

    select
        {%- if content_is_seen() %}
        md5(coalesce({{ text_in_order("topic || ':' || term || ':' || idf || ':' || loading", '|', ['topic', 'term']) }}, '')) as content
    from {{ ref('ml_topic_loadings') }}
        {%- else %}
        '' as content
        {%- endif %}

),

fingerprint as (

    select md5({{ text_in_order(
        "prototype_id || ':' || cluster_key || ':' || feature || ':' || centre || ':' || weight || ':' || bias || ':' || coalesce(cast(radius as string), '')",
        '|', ['prototype_id', 'feature']
    ) }}) as content
    from prototypes

),

-- the same scale and prototypes are the same model, whoever fits them and when
fitted as (

    select substr(md5(request.parameters_fingerprint || prototypes.content || scaling.content || topics.content), 1, 12) as model_id
    from request
    cross join fingerprint as prototypes
    cross join scaling
    cross join topics

),

models as (

    select
        case when refit.is_refit then fitted.model_id else accepted.model_id end as model_id,
        -- a fit that gives the accepted model again is that model
        case when refit.is_refit and coalesce(fitted.model_id != accepted.model_id, true) then request.requested_at else accepted.accepted_at end
            as accepted_at,
        case when refit.is_refit then request.parameters_fingerprint else accepted.parameters_fingerprint end as parameters_fingerprint,
        greatest(clusters.last_cluster_number, coalesce(accepted.last_cluster_number, 0)) as last_cluster_number
    from request
    cross join refit
    cross join fitted
    cross join clusters
    left join accepted
        on true

)

select
    -- the same rows under the same model are the same run
    substr(md5(models.model_id || request.input_fingerprint), 1, 12) as cluster_run_id,
    models.model_id,
    models.accepted_at,
    refit.is_refit,
    refit.refit_reason,
    refit.accepted_model_id as previous_model_id,
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
    selection.passing_count,
    selection.selection_code,
    selection.reason as selection_reason,
    models.last_cluster_number,
    models.parameters_fingerprint,
    request.parameters,
    request.input_fingerprint,
    request.source_kind,
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp) as built_at
from selection
cross join models
cross join request
cross join refit
