-- Grain: one row per cluster and rank: the members in the file that its page offers, the most followed first. Ids of the platforms stay
-- out: a spreadsheet rounds one of nineteen digits, and the address of the profile says more.
with ranked as (

    select
        *,
        -- the key ends the order, so that equals come in the same order in every build
        row_number() over (
            partition by cluster_key
            order by followers_count desc nulls last, influencer_key asc
        ) as rank
    from {{ ref('dim_influencers') }}

)

select
    rank,
    influencer_key,
    platform,
    handle,
    display_name,
    profile_url,
    country_code,
    audience_country_code,
    language,
    category,
    tier,
    is_verified,
    cluster_key,
    cluster_name,
    confidence,
    runner_up_cluster_key,
    observed_at,
    followers_count,
    following_count,
    posts_count,
    er_followers,
    er_views,
    view_follower_ratio,
    posts_per_week,
    days_since_last_post,
    sponsored_ratio,
    growth_30d_ratio,
    followers_change_count,
    followers_change_since
from ranked
where rank <= {{ var('cluster_download_rows') }}
