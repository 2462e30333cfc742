-- Grain: one row per platform.
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

counted as (

    select
        platform,
        count(*) as influencers,
        cast(coalesce(sum(known_posts_count), 0) as bigint) as posts
    from influencers
    group by platform

)

select
    platform,
    influencers,
    posts,
    influencers / sum(influencers) over () as share_ratio
from counted
