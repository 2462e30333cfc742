-- Grain: one row per feature: how far its distribution has moved since the model was accepted; no row where none was.
with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

reference as (

    select * from {{ ref('accepted_reference') }}

),

scaling as (

    {{ wide_scaling(ref('accepted_scaling')) }}

),

edges as (

    select
        {%- for feature in feature_names() %}
        {%- for edge in range(1, 10) %}
        max(upper_edge) filter (where feature = '{{ feature }}' and bin = {{ edge }}) as {{ feature }}_edge_{{ edge }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from reference
    -- nobody is counted where there is nothing to compare with
    having count(*) > 0

),

standard as (

    {{ standard_features('scaling') }}

),

{{ feature_bins('edges') }},

compared as (

    select
        reference.feature,
        reference.bin,
        reference.influencers_count as accepted_count,
        coalesce(counted.influencers_count, 0) as current_count
    from reference
    left join counted
        on reference.feature = counted.feature
        and reference.bin = counted.bin

),

-- Half an influencer is added to every bin: one that was empty and is not any more would make the index infinite.
shares as (

    select
        feature,
        (accepted_count + 0.5) / sum(accepted_count + 0.5) over (partition by feature) as accepted_share,
        (current_count + 0.5) / sum(current_count + 0.5) over (partition by feature) as current_share
    from compared

)

select
    feature,
    sum((current_share - accepted_share) * ln(current_share / accepted_share)) as population_stability_index
from shares
group by feature
