-- Grain: one row per cluster and rank: what its members write about, what tells it from everybody first.
with terms as (

    select * from {{ ref('cluster_terms') }}

)

select
    cluster_key,
    rank,
    term,
    influencers_count as influencers,
    known_members_count as known_members,
    share_ratio,
    overall_share_ratio,
    lift_ratio,
    is_distinctive
from terms
