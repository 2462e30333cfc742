-- Grain: one row per post, as last observed.
with posts as (

    select * from {{ ref('int_posts') }}

)

select
    post_key,
    influencer_key,
    platform,
    post_id,
    source,
    media_type,
    caption,
    hashtags,
    url,
    language,
    is_sponsored,
    sponsored_evidence,
    posted_at,
    observed_at,
    duration_seconds,
    likes_count,
    comments_count,
    shares_count,
    saves_count,
    views_count,
    interactions_count,
    parse_problems,
    unread_texts
from posts
