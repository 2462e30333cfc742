-- Grain: one row per influencer with a page: what they sell, and what it costs and is worth.
with pages as (

    select * from {{ ref('rpt_influencer_pages') }}

),

profiles as (

    select * from {{ ref('commercial_profiles') }}

)

select
    pages.influencer_key,
    profiles.posts_with_disclosure_count as posts_with_disclosure,
    profiles.sponsored_posts_count as sponsored_posts,
    profiles.sponsored_by_flag_posts_count as sponsored_by_flag_posts,
    profiles.sponsored_by_hashtag_posts_count as sponsored_by_hashtag_posts,
    profiles.sponsored_by_phrase_posts_count as sponsored_by_phrase_posts,
    profiles.paid_performance_ratio,
    profiles.brands_count as brands,
    profiles.price_per_post,
    profiles.price_currency,
    profiles.price_valid_from,
    profiles.cost_per_interaction,
    profiles.earned_media_value,
    profiles.valued_posts_count as valued_posts,
    profiles.media_value_currency
from pages
inner join profiles
    on pages.influencer_key = profiles.influencer_key
