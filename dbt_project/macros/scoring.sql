{# What distances see of `influencers` by `scaling` and of `topics` by `topic_scaling`, all wide and joined. What is unknown sits at the
   platform's median, or its centre. #}
{% macro scaled_features(scaling, topics, topic_scaling) -%}
    {%- for feature in distance_features() %}
    {%- if feature.block == 'content' %}
    coalesce(({{ topics }}.{{ feature.name }} - {{ topic_scaling }}.{{ feature.name }}_mean) * {{ topic_scaling }}.content_factor, 0.0)
    {%- else %}
    coalesce({{ standardised(feature, scaling) }} * {{ scaling }}.{{ feature.name }}_weight, 0.0)
    {%- endif %} as {{ feature.name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Rows of one platform and feature side by side: one row per platform, columns as in `ftr_scaling`. #}
{% macro wide_scaling(relation) -%}
    select
        platform,
        {%- for feature in feature_names() %}
        {%- for figure in ['low', 'median', 'high', 'scale', 'known', 'weight'] %}
        max({{ figure }}) filter (where feature = '{{ feature }}') as {{ feature }}_{{ figure }}{{ ',' if not loop.last }}
        {%- endfor %}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    group by platform
{%- endmacro %}


{# CTEs that score rows with prototypes. `scaled`: a CTE with influencer_key and the features. `prototypes`: a CTE with prototype_id,
   cluster_key, feature, centre, weight, bias and radius. The last CTE, `<prefix>ranked`, has one row per influencer: lists of
   clusters, scores and distances, the best first. #}
{% macro scored(scaled, prototypes, prefix='') -%}
{%- set features = distance_feature_names() -%}
{{ prefix }}models as (

    select
        prototype_id,
        cluster_key,
        max(bias) as bias,
        max(radius) as radius,
        {%- for feature in features %}
        -- a feature that the model does not know says nothing
        coalesce(max(centre) filter (where feature = '{{ feature }}'), 0.0) as {{ feature }}_centre,
        coalesce(max(weight) filter (where feature = '{{ feature }}'), 0.0) as {{ feature }}_weight{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ prototypes }}
    group by
        prototype_id,
        cluster_key

),

{{ prefix }}distances as (

    select
        scaled.influencer_key,
        models.prototype_id,
        models.cluster_key,
        models.bias,
        models.radius,
        {% for feature in features -%}
        models.{{ feature }}_weight * power(scaled.{{ feature }} - models.{{ feature }}_centre, 2){{ '\n        + ' if not loop.last }}
        {%- endfor %} as squared_distance
    from {{ scaled }} as scaled
    cross join {{ prefix }}models as models

),

{{ prefix }}measured as (

    select
        influencer_key,
        cluster_key,
        bias - squared_distance as score,
        sqrt(squared_distance) as distance,
        radius / nullif(sqrt(squared_distance), 0) as edge,
        radius is null or sqrt(squared_distance) <= radius as is_within
    from {{ prefix }}distances

),

-- the best prototype of each cluster speaks for it, of those within reach if there are any
{{ prefix }}clusters as (

    select
        influencer_key,
        cluster_key,
        bool_or(is_within) as is_within,
        coalesce(max(score) filter (where is_within), max(score)) as score,
        coalesce(max_by(distance, score) filter (where is_within), max_by(distance, score)) as distance,
        max(edge) as edge
    from {{ prefix }}measured
    group by
        influencer_key,
        cluster_key

),

{{ prefix }}ranked as (

    select
        influencer_key,
        bool_or(is_within) as is_member,
        max(edge) as edge,
        -- equal scores go to the smaller key, the older cluster
        {{ list_in_order("cluster_key", ["not is_within", "-score", "cluster_key"]) }} as cluster_keys,
        {{ list_in_order("score", ["not is_within", "-score", "cluster_key"]) }} as scores,
        {{ list_in_order("distance", ["not is_within", "-score", "cluster_key"]) }} as distances
    from {{ prefix }}clusters
    group by influencer_key

)
{%- endmacro %}
