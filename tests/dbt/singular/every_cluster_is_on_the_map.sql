-- A cluster has its points on the map down to the floor, or all its members; unless the map is too small for the floors.
with clusters as (

    select
        assignments.cluster_key,
        count(*) as members_count,
        count(sample.influencer_key) as points_count
    from {{ ref('ml_assignments') }} as assignments
    left join {{ ref('picture_sample') }} as sample
        on assignments.influencer_key = sample.influencer_key
    group by assignments.cluster_key

),

counted as (

    select
        *,
        count(*) over () as clusters_count
    from clusters

)

select cluster_key
from counted
where
    points_count < least(members_count, {{ var('map_points_per_cluster') }})
    and clusters_count * {{ var('map_points_per_cluster') }} <= {{ var('map_points') }}
