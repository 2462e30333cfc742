-- Grain: one row per feature and bin: how the feature is distributed as the model in force saw it when it was accepted.
with refit as (

    select * from {{ ref('ftr_refit') }}

),

influencers as (

    select influencers.*
    from {{ ref('ftr_influencers') }} as influencers
    cross join refit
    where refit.is_refit

),

scaling as (

    select * from {{ ref('ftr_scaling') }}

),

standard as (

    {{ standard_features('scaling') }}

),

-- deciles: ten bins are the custom of the index, and its bounds of 0.1 and 0.25 were found with them
quantiles as (

    select
        {%- for feature in feature_names() %}
        {{ quantiles(feature ~ '_value', ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9']) }} as {{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from standard

),

edges as (

    select
        {%- for feature in feature_names() %}
        {%- for edge in range(1, 10) %}
        {{ list_item(feature, edge) }} as {{ feature }}_edge_{{ edge }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from quantiles

),

{{ feature_bins('edges') }},

measured as (

    {%- for feature in feature_names() %}
    select
        '{{ feature }}' as feature,
        bins.bin,
        case bins.bin
            {%- for edge in range(1, 10) %}
            when {{ edge }} then edges.{{ feature }}_edge_{{ edge }}
            {%- endfor %}
        end as upper_edge
    from edges
    cross join bins
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

fresh as (

    select
        measured.feature,
        measured.bin,
        measured.upper_edge,
        coalesce(counted.influencers_count, 0) as influencers_count
    from measured
    cross join refit
    left join counted
        on measured.feature = counted.feature
        and measured.bin = counted.bin
    where refit.is_refit

),

kept as (

    select accepted.*
    from {{ ref('accepted_reference') }} as accepted
    cross join refit
    where not refit.is_refit

)

select
    feature,
    bin,
    upper_edge,
    influencers_count
from fresh
union all
select
    feature,
    bin,
    upper_edge,
    influencers_count
from kept
