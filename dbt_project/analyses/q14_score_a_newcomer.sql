-- Question: Somebody on Instagram has written to us: 18,000 followers, 4 % engagement, a post every other day. Which cluster is that?
-- Read: The highest score wins; a second one close behind makes the answer a guess. What is not known stands at the median of the
--     platform. This is the whole model: no Python, any engine.
-- On the sample: 7 rows; first cluster_key = c02, score = -1.37, behind = 0
with scaling as (

    select * from {{ ref('ftr_scaling') }}
    where platform = 'instagram'

),

prototypes as (

    select * from {{ ref('cluster_prototypes') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

-- Heavy tails become readable by a logarithm first: `transform` in features.feature_catalogue says by which.
figures as (

    select
        'followers_count' as feature,
        ln(1 + 18000) as value,
        followers_count_low as low,
        followers_count_median as middle,
        followers_count_high as high,
        followers_count_scale as scale,
        followers_count_weight as weight
    from scaling
    union all
    select
        'er_followers' as feature,
        ln(0.04 + 0.00001) as value,
        er_followers_low as low,
        er_followers_median as middle,
        er_followers_high as high,
        er_followers_scale as scale,
        er_followers_weight as weight
    from scaling
    union all
    select
        'posts_per_week' as feature,
        ln(1 + 3.5) as value,
        posts_per_week_low as low,
        posts_per_week_median as middle,
        posts_per_week_high as high,
        posts_per_week_scale as scale,
        posts_per_week_weight as weight
    from scaling

),

scaled as (

    select
        feature,
        (least(greatest(value, low), high) - middle) / scale * weight as scaled_value
    from figures
    where scale is not null

),

scored as (

    select
        prototypes.prototype_id,
        prototypes.cluster_key,
        max(prototypes.radius) as radius,
        sum(prototypes.weight * power(coalesce(scaled.scaled_value, 0) - prototypes.centre, 2)) as squared_distance,
        max(prototypes.bias) - sum(prototypes.weight * power(coalesce(scaled.scaled_value, 0) - prototypes.centre, 2)) as score
    from prototypes
    left join scaled
        on prototypes.feature = scaled.feature
    group by
        prototypes.prototype_id,
        prototypes.cluster_key

),

-- the best prototype speaks for its cluster
by_cluster as (

    select
        cluster_key,
        max(score) as score,
        max(case when radius is null or sqrt(squared_distance) <= radius then 1 else 0 end) = 1 as is_within_reach
    from scored
    group by cluster_key

)

select
    by_cluster.cluster_key,
    clusters.cluster_name_en,
    round(by_cluster.score, 2) as score,
    round(max(by_cluster.score) over () - by_cluster.score, 2) as behind,
    by_cluster.is_within_reach
from by_cluster
inner join clusters
    on by_cluster.cluster_key = clusters.cluster_key
order by
    by_cluster.is_within_reach desc,
    by_cluster.score desc,
    by_cluster.cluster_key asc
