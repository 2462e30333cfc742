-- Grain: one row per cluster and feature.
with profiles as (

    select * from {{ ref('ml_profiles') }}

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
    profiles.robust_z,
    profiles.known_share_ratio
from profiles
inner join catalogue
    on profiles.feature = catalogue.feature
