{# CTEs `standard` and `binned`: each influencer's bin of each feature, by a wide scaling and by nine upper edges per feature
   (`edges`: one row, columns `<feature>_edge_1` …). Bin −1: unknown. 0: known, on a platform where the feature has no scale. 1 to 10: by
   the edges, the upper one included, so that a heap of equal values stays together. #}
{% macro feature_bins(edges) -%}
{%- set features = feature_names() -%}
binned as (

    select
        {%- for feature in features %}
        case
            when {{ feature }}_value is not null
                then 1{% for edge in range(1, 10) %} + cast({{ feature }}_value > {{ edges }}.{{ feature }}_edge_{{ edge }} as integer){% endfor %}
            when {{ feature }}_is_known then 0
            else -1
        end as {{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from standard
    cross join {{ edges }}

),

bins as (

    select bin
    from (values (-1), (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as numbers (bin)

),

counted as (

    {%- for feature in features %}
    select
        '{{ feature }}' as feature,
        {{ feature }} as bin,
        count(*) as influencers_count
    from binned
    group by {{ feature }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)
{%- endmacro %}


{# Each influencer's features as distances see them before weights; `scaling` is a wide CTE, of which a platform may be missing. #}
{% macro standard_features(scaling) -%}
    select
        {%- for feature in feature_catalogue() %}
        {{ standardised(feature, scaling) }} as {{ feature.name }}_value,
        influencers.{{ feature.name }} is not null as {{ feature.name }}_is_known{{ ',' if not loop.last }}
        {%- endfor %}
    from influencers
    left join {{ scaling }}
        on influencers.platform = {{ scaling }}.platform
{%- endmacro %}
