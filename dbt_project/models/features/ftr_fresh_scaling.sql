-- Grain: one row per platform: for each feature the median, the bounds, the scale and the weight, measured on these influencers.
{%- set features = feature_catalogue() %}

with influencers as (

    select * from {{ ref('ftr_influencers') }}

),

quantiles as (

    select
        platform,
        count(*) as influencers_count,
        {%- for feature in features %}
        {#- Nothing of a flag is clamped: a yes that one in a thousand has is no outlier. #}
        {{ quantiles(
            transformed(feature), ['0', '0.25', '0.5', '0.75', '1'] if feature.transform == 'flag' else ['0.005', '0.25', '0.5', '0.75', '0.995']
        ) }} as {{ feature.name }}_quantiles,
        count({{ feature.name }}) as {{ feature.name }}_known{{ ',' if not loop.last }}
        {%- endfor %}
    from influencers
    group by platform

),

-- The interquartile range is the robust scale. Where it is smaller than what the bounds imply for a bell curve (a feature that is
-- mostly zero), the bounds decide, or the few others would be thousands of scales away. A constant has no scale and tells nobody apart.
-- A flag is measured by the standard deviation of a fair coin (after Gelman 2008): by its own, the rarer it is the louder it would be.
scales as (

    select
        platform,
        {%- for feature in features %}
        {{ list_item(feature.name ~ '_quantiles', 1) }} as {{ feature.name }}_low,
        {{ list_item(feature.name ~ '_quantiles', 3) }} as {{ feature.name }}_median,
        {{ list_item(feature.name ~ '_quantiles', 5) }} as {{ feature.name }}_high,
        case
            when
                {{ feature.name }}_known >= {{ var('feature_min_known_share') }} * influencers_count
                {%- for other in feature.instead_of | default([]) %}
                and {{ feature.name }}_known >= 2 * {{ other }}_known
                {%- endfor %}
                {%- if feature.transform == 'flag' %}
                then case when {{ list_item(feature.name ~ '_quantiles', 5) }} > {{ list_item(feature.name ~ '_quantiles', 1) }} then 0.5e0 end
                {%- else %}
                then nullif(
                    greatest(
                        ({{ list_item(feature.name ~ '_quantiles', 4) }} - {{ list_item(feature.name ~ '_quantiles', 2) }}) / 1.349e0,
                        ({{ list_item(feature.name ~ '_quantiles', 5) }} - {{ list_item(feature.name ~ '_quantiles', 1) }}) / 5.152e0
                    ),
                    0
                )
                {%- endif %}
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
    scales.platform,
    {%- for feature in features %}
    {%- set block = features | selectattr('block', 'equalto', feature.block) | map(attribute='name') | list %}
    scales.{{ feature.name }}_low,
    scales.{{ feature.name }}_median,
    scales.{{ feature.name }}_high,
    scales.{{ feature.name }}_scale,
    cast(scales.{{ feature.name }}_known as double) as {{ feature.name }}_known,
    {{ var('block_weights')[feature.block] }}
    / sqrt(greatest({% for name in block %}live.{{ name }}_live{{ ' + ' if not loop.last }}{% endfor %}, 1)) as {{ feature.name }}_weight{{ ',' if not loop.last }}
    {%- endfor %}
from scales
cross join live
