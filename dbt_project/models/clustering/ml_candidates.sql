-- Grain: one row per algorithm and setting that was tried for the model in force, with its figures on the fit sample.
with refit as (

    select * from {{ ref('ftr_refit') }}

),

kept as (

    select accepted.*
    from {{ ref('accepted_candidates') }} as accepted
    cross join refit
    where not refit.is_refit

)

-- a fit that did not take place has no rows
select * from {{ ref('fit_candidates') }}
union all
select * from kept
