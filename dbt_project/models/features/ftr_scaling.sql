-- Grain: one row per platform: for each feature the median, the bounds, the scale and the weight that ftr_scaled applies.
{%- set features = feature_catalogue() %}

with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

quantiles as (

    select
        platform,
        count(*) as influencers_count,
        {%- for feature in features %}
        quantile_cont({{ transformed(feature) }}, [0.005, 0.25, 0.5, 0.75, 0.995]) as {{ feature.name }}_quantiles,
        count({{ feature.name }}) as {{ feature.name }}_known{{ ',' if not loop.last }}
        {%- endfor %}
    from influencers
    group by platform

),

-- The interquartile range is the robust scale. Where it is smaller than what the bounds imply for a bell curve (a feature that is
-- mostly zero), the bounds decide, or the few others would be thousands of scales away. A constant has no scale and tells nobody apart.
scales as (

    select
        platform,
        influencers_count,
        {%- for feature in features %}
        {{ feature.name }}_quantiles[1] as {{ feature.name }}_low,
        {{ feature.name }}_quantiles[3] as {{ feature.name }}_median,
        {{ feature.name }}_quantiles[5] as {{ feature.name }}_high,
        case
            when
                {{ feature.name }}_known >= {{ var('feature_min_known_share') }} * influencers_count
                {%- for other in feature.instead_of | default([]) %}
                and {{ feature.name }}_known >= 2 * {{ other }}_known
                {%- endfor %}
                then nullif(
                    greatest(
                        ({{ feature.name }}_quantiles[4] - {{ feature.name }}_quantiles[2]) / 1.349,
                        ({{ feature.name }}_quantiles[5] - {{ feature.name }}_quantiles[1]) / 5.152
                    ),
                    0
                )
        end as {{ feature.name }}_scale,
        {{ feature.name }}_known{{ ',' if not loop.last }}
        {%- endfor %}
    from quantiles

),

-- A feature that no platform knows takes no share of its block.
live as (

    select
        {%- for feature in features %}
        cast(bool_or({{ feature.name }}_scale is not null) as integer) as {{ feature.name }}_live{{ ',' if not loop.last }}
        {%- endfor %}
    from scales

)

select
    scales.*,
    {%- for feature in features %}
    {%- set block = features | selectattr('block', 'equalto', feature.block) | map(attribute='name') | list %}
    {{ block_weight(feature.block) }}
    / sqrt(greatest({% for name in block %}live.{{ name }}_live{{ ' + ' if not loop.last }}{% endfor %}, 1)) as {{ feature.name }}_weight{{ ',' if not loop.last }}
    {%- endfor %}
from scales
cross join live
