-- Grain: one row per influencer and moment of observation.
with observations as (

    select * from {{ ref('int_account_observations') }}

)

select
    influencer_key,
    observed_at,
    platform,
    account_id,
    handle,
    source,
    is_observed_at_assumed,
    display_name,
    country_code,
    category,
    followers_count,
    following_count,
    posts_count,
    total_views_count,
    total_likes_count,
    avg_likes,
    avg_comments,
    avg_views,
    avg_shares,
    avg_interactions,
    er_reported,
    parse_problems,
    unread_texts
from observations
