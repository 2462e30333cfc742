-- Grain: one row per cluster and feature.
with profiles as (

    select * from {{ ref('ml_profiles') }}

),

nearest as (

    select * from {{ ref('ml_nearest_clusters') }}

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

)

select
    profiles.cluster_key,
    profiles.feature,
    catalogue.block,
    catalogue.unit,
    profiles.cluster_median,
    profiles.cluster_q1,
    profiles.cluster_q3,
    profiles.overall_median,
    profiles.overall_q1,
    profiles.overall_q3,
    profiles.robust_z,
    nearest_profiles.cluster_median as nearest_cluster_median,
    profiles.robust_z - nearest_profiles.robust_z as robust_z_to_nearest,
    nearest_profiles.known_share_ratio as nearest_cluster_known_share_ratio,
    profiles.known_share_ratio
from profiles
inner join catalogue
    on profiles.feature = catalogue.feature
left join nearest
    on profiles.cluster_key = nearest.cluster_key
left join profiles as nearest_profiles
    on nearest.nearest_cluster_key = nearest_profiles.cluster_key
    and profiles.feature = nearest_profiles.feature
