-- Grain: one row per rule of the catalogue of opportunities and cluster: whether the cluster meets it, and by which figures.
with opportunities as (

    select * from {{ ref('opportunities') }}

)

select
    rule_name,
    cluster_key,
    rule_order,
    verdict,
    measure_1,
    statistic_1,
    comparison_1,
    threshold_1,
    measured_1,
    measure_2,
    statistic_2,
    comparison_2,
    threshold_2,
    measured_2,
    niche,
    members_count as members,
    known_count as known_members,
    known_share_ratio,
    least_known_measure,
    stability_reading
from opportunities
