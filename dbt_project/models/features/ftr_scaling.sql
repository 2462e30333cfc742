-- Grain: one row per platform: for each feature the median, the bounds, the scale and the weight that ftr_scaled applies.
with refit as (

    select * from {{ ref('ftr_refit') }}

),

fresh as (

    select * from {{ ref('ftr_fresh_scaling') }}

),

accepted as (

    {{ wide_scaling(ref('accepted_scaling')) }}

),

-- An accepted model keeps its scale, or its centres would mean something else. A platform that it has never seen gets one of its own.
kept as (

    select accepted.*
    from accepted
    cross join refit
    where not refit.is_refit

),

added as (

    select fresh.*
    from fresh
    left join kept
        on fresh.platform = kept.platform
    where kept.platform is null

)

select * from kept
union all
select * from added
