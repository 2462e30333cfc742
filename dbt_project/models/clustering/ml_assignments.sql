-- Grain: one row per influencer: its cluster and the runner-up, by the prototypes.
{%- set features = feature_names() %}

with scaled as (

    select * from {{ ref('ftr_scaled') }}

),

prototypes as (

    select
        prototype_id,
        {{ cluster_key('cluster_ordinal') }} as cluster_key,
        max(bias) as bias,
        max(radius) as radius,
        {%- for feature in features %}
        max(centre) filter (where feature = '{{ feature }}') as {{ feature }}_centre,
        max(weight) filter (where feature = '{{ feature }}') as {{ feature }}_weight{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('ml_prototypes') }}
    group by
        prototype_id,
        cluster_ordinal

),

distances as (

    select
        scaled.influencer_key,
        prototypes.prototype_id,
        prototypes.cluster_key,
        prototypes.bias,
        prototypes.radius,
        {% for feature in features -%}
        prototypes.{{ feature }}_weight * power(scaled.{{ feature }} - prototypes.{{ feature }}_centre, 2){{ '\n        + ' if not loop.last }}
        {%- endfor %} as squared_distance
    from scaled
    cross join prototypes

),

-- the best prototype of each cluster speaks for it
clusters as (

    select
        influencer_key,
        cluster_key,
        max(bias - squared_distance) as score,
        min(squared_distance) as squared_distance
    from distances
    group by
        influencer_key,
        cluster_key

),

ranked as (

    select
        influencer_key,
        -- equal scores go to the smaller key: clusters are numbered from the largest
        list(cluster_key order by score desc, cluster_key asc) as cluster_keys,
        list(squared_distance order by score desc, cluster_key asc) as squared_distances
    from clusters
    group by influencer_key

)

select
    influencer_key,
    cluster_keys[1] as cluster_key,
    sqrt(squared_distances[1]) as distance,
    cluster_keys[2] as runner_up_cluster_key,
    sqrt(squared_distances[2]) as runner_up_distance,
    -- The simplified silhouette: 0 half-way between two clusters, 1 at the centre of one. One cluster leaves no doubt and no choice.
    case
        when cluster_keys[2] is null then null
        when greatest(squared_distances[1], squared_distances[2]) = 0 then 0.0
        else greatest(
            (sqrt(squared_distances[2]) - sqrt(squared_distances[1])) / sqrt(greatest(squared_distances[1], squared_distances[2])), 0.0
        )
    end as confidence
from ranked
