-- Grain: one row per cluster and feature.
with profiles as (

    select * from {{ ref('cluster_profiles') }}

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

)

select
    profiles.cluster_key,
    profiles.feature,
    catalogue.label_en as feature_label_en,
    catalogue.label_fr as feature_label_fr,
    profiles.block,
    catalogue.feature_order,
    profiles.unit,
    profiles.cluster_median,
    profiles.cluster_q1,
    profiles.cluster_q3,
    profiles.overall_median,
    profiles.overall_q1,
    profiles.overall_q3,
    profiles.robust_z,
    profiles.nearest_cluster_median,
    profiles.robust_z_to_nearest,
    profiles.nearest_cluster_known_share_ratio,
    profiles.known_share_ratio
from profiles
inner join catalogue
    on profiles.feature = catalogue.feature
