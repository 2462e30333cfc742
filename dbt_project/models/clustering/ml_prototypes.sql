-- Grain: one row per prototype of the model in force and feature.
with refit as (

    select * from {{ ref('ftr_refit') }}

),

clusters as (

    select
        cluster_key,
        cluster_ordinal
    from {{ ref('ml_clusters') }}

),

fitted as (

    select
        prototypes.prototype_id,
        clusters.cluster_key,
        prototypes.feature,
        prototypes.centre,
        prototypes.weight,
        prototypes.bias,
        prototypes.radius
    from {{ ref('fit_prototypes') }} as prototypes
    inner join clusters
        on prototypes.cluster_ordinal = clusters.cluster_ordinal

),

kept as (

    select accepted.*
    from {{ ref('accepted_prototypes') }} as accepted
    cross join refit
    where not refit.is_refit

)

select * from fitted
union all
select * from kept
