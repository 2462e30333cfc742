-- Grain: one row: whether this build fits a model or scores with the accepted one, and why.
with request as (

    select * from {{ ref('build_request') }}

),

accepted as (

    select
        model_id,
        parameters_fingerprint
    from {{ ref('accepted_model') }}

),

-- what distances do not see is no reason for a new model
drift as (

    select
        max(drift.population_stability_index) as max_population_stability_index,
        count(*) filter (where drift.population_stability_index > {{ var('max_population_stability_index') }}) as drifted_features_count
    from {{ ref('ftr_drift') }} as drift
    inner join {{ ref('feature_catalogue') }} as catalogue
        on drift.feature = catalogue.feature
    where catalogue.block_weight > 0

),

decided as (

    select
        accepted.model_id as accepted_model_id,
        drift.max_population_stability_index,
        drift.drifted_features_count,
        case
            when request.score_with is not null then 'model_asked_for'
            when request.refit = 'never' then 'never'
            when accepted.model_id is null then 'first_model'
            when request.refit = 'always' then 'always'
            when accepted.parameters_fingerprint != request.parameters_fingerprint then 'parameters_changed'
            when drift.drifted_features_count > 0 then 'drift'
            else 'no_drift'
        end as refit_reason
    from request
    cross join drift
    left join accepted
        on true

)

select
    refit_reason in ('first_model', 'always', 'parameters_changed', 'drift') as is_refit,
    refit_reason,
    accepted_model_id,
    max_population_stability_index,
    drifted_features_count
from decided
