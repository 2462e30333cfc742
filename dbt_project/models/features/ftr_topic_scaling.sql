-- Grain: one row per platform: the centre of each topic there, and the factor that gives the block of content its weight.
{#- Which columns there are depends on var content_topics; a comment on one that is not there is a warning. -#}
{{ config(persist_docs={"relation": true, "columns": false}) }}

with refit as (

    select * from {{ ref('ftr_refit') }}

),

fresh as (

    select * from {{ ref('ftr_fresh_topic_scaling') }}

),

accepted as (

    {{ wide_topic_scaling(ref('accepted_topic_scaling')) }}

),

-- as in ftr_scaling: an accepted model keeps its scale, and a platform that it has never seen gets one of its own
kept as (

    select accepted.*
    from accepted
    cross join refit
    where
        not refit.is_refit
        and {{ content_is_seen() }}

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
