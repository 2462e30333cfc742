-- Grain: one row per influencer: its cluster and the runner-up, by the prototypes; `noise` outside every radius.
{%- set features = distance_feature_names() %}

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

measured as (

    select
        influencer_key,
        cluster_key,
        bias - squared_distance as score,
        sqrt(squared_distance) as distance,
        radius / nullif(sqrt(squared_distance), 0) as edge,
        radius is null or sqrt(squared_distance) <= radius as is_within
    from distances

),

-- the best prototype of each cluster speaks for it, of those within reach if there are any
clusters as (

    select
        influencer_key,
        cluster_key,
        bool_or(is_within) as is_within,
        coalesce(max(score) filter (where is_within), max(score)) as score,
        coalesce(max_by(distance, score) filter (where is_within), max_by(distance, score)) as distance,
        max(edge) as edge
    from measured
    group by
        influencer_key,
        cluster_key

),

ranked as (

    select
        influencer_key,
        bool_or(is_within) as is_member,
        max(edge) as edge,
        -- equal scores go to the smaller key: clusters are numbered from the largest
        list(cluster_key order by is_within desc, score desc, cluster_key asc) as cluster_keys,
        list(score order by is_within desc, score desc, cluster_key asc) as scores,
        list(distance order by is_within desc, score desc, cluster_key asc) as distances
    from clusters
    group by influencer_key

),

-- Different biases are those of a mixture, whose scores are logarithms of densities.
model as (

    select count(distinct bias) > 1 as is_mixture
    from prototypes

)

select
    ranked.influencer_key,
    case when ranked.is_member then ranked.cluster_keys[1] else 'noise' end as cluster_key,
    case when ranked.is_member then ranked.distances[1] end as distance,
    ranked.cluster_keys[case when ranked.is_member then 2 else 1 end] as runner_up_cluster_key,
    ranked.distances[case when ranked.is_member then 2 else 1 end] as runner_up_distance,
    -- 0 where two answers are equally good, 1 where there is no doubt. One cluster of everybody leaves no doubt and no choice.
    case
        -- against the nearest radius: who is outside, and who has nothing but the outside to fall to
        when not ranked.is_member then 1 - ranked.edge
        when ranked.cluster_keys[2] is null and ranked.edge is not null then 1 - 1 / ranked.edge
        when ranked.cluster_keys[2] is null then null
        -- the odds between two components: distances alone would ignore how dense and how wide each is
        when model.is_mixture then 1 - exp(ranked.scores[2] - ranked.scores[1])
        when greatest(ranked.distances[1], ranked.distances[2]) = 0 then 0.0
        -- the simplified silhouette: 0 half-way between two clusters, 1 at the centre of one
        else greatest((ranked.distances[2] - ranked.distances[1]) / greatest(ranked.distances[1], ranked.distances[2]), 0.0)
    end as confidence
from ranked
cross join model
