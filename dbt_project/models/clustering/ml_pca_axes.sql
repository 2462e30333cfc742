-- Grain: one row per principal axis and feature, of the model in force: a map whose axes stay can be compared with the last one.
with refit as (

    select * from {{ ref('ftr_refit') }}

),

kept as (

    select accepted.*
    from {{ ref('accepted_axes') }} as accepted
    cross join refit
    where not refit.is_refit

)

select * from {{ ref('fit_pca_axes') }}
union all
select * from kept
