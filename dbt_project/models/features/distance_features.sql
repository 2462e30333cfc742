-- Grain: one row per feature that distances see, in the order of the columns of ftr_scaled.
{%- for feature in distance_features() %}
select
    '{{ feature.name }}' as feature,
    {{ loop.index }} as feature_order,
    '{{ feature.block }}' as block,
    cast({{ block_weight(feature.block) }} as double) as block_weight
{{ 'union all' if not loop.last }}
{%- endfor %}
