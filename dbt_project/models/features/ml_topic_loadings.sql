-- Grain: one row per topic and term of the vocabulary, of the model in force: what scores a topic in SQL.
with refit as (

    select * from {{ ref('ftr_refit') }}

),

-- a model has topics if distances saw them; those of another model are fitted anew in every build
kept as (

    select accepted.*
    from {{ ref('accepted_topics') }} as accepted
    cross join refit
    where
        not refit.is_refit
        and {{ content_is_seen() }}

)

select * from {{ ref('fit_topic_loadings') }}
union all
select * from kept
