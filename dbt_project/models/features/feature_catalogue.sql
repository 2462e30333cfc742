-- Grain: one row per feature, in the order of pages and columns.
{%- for feature in feature_catalogue() %}
select
    '{{ feature.name }}' as feature,
    {{ loop.index }} as feature_order,
    '{{ feature.block }}' as block,
    '{{ feature.transform }}' as transform,
    '{{ feature.unit }}' as unit,
    cast({{ block_weight(feature.block) }} as double) as block_weight,
    {%- for text in ['label_en', 'label_fr', 'high_en', 'low_en', 'high_fr', 'low_fr'] %}
    '{{ sql_text(feature[text]) }}' as {{ text }}{{ ',' if not loop.last }}
    {%- endfor %}
{{ 'union all' if not loop.last }}
{%- endfor %}
