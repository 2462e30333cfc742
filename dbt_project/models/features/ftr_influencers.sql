-- Grain: one row per influencer; human units; null is what no source tells.
with accounts as (

    select * from {{ ref('int_accounts') }}

),

posting as (

    select * from {{ ref('int_posting') }}

),

growth as (

    select * from {{ ref('int_follower_growth') }}

),

-- no growth is told across a jump, so a jump is told by its own
jumps as (

    select
        influencer_key,
        max(value_now / value_before) - 1 as jump_ratio
    from {{ ref('int_counter_anomalies') }}
    where
        counter = 'followers_count'
        and anomaly = 'jump'
    group by influencer_key

),

-- Followers and interactions are set side by side over half a window, the time between the middles of its halves.
expected as (

    select
        influencer_key,
        coalesce(
            power(1 + growth_90d_ratio, {{ var('post_window_days') / 180 }}e0),
            power(1 + growth_30d_ratio, {{ var('post_window_days') / 60 }}e0)
        ) as followers_change,
        coalesce(growth_30d_ratio, power(1 + growth_90d_ratio, 1 / 3e0) - 1) as monthly_growth_ratio
    from growth

),

-- Averages that a source states stand in where it gives no posts. Which of the two a row rests on is said in engagement_basis:
-- a median of posts and somebody's mean are not the same figure.
stated as (

    select
        influencer_key,
        coalesce(avg_interactions, avg_likes + avg_comments) / nullif(followers_count, 0) as er_followers,
        avg_likes / nullif(followers_count, 0) as er_likes_followers,
        coalesce(avg_interactions, avg_likes + avg_comments) / nullif(avg_views, 0) as er_views,
        avg_views / nullif(followers_count, 0) as view_follower_ratio,
        avg_comments / nullif(avg_likes, 0) as comment_like_ratio
    from accounts

)

select
    accounts.influencer_key,
    accounts.platform,
    accounts.followers_count,
    accounts.following_count,
    -- an archive is at least what was seen of it
    case when accounts.posts_count is not null then greatest(accounts.posts_count, posting.known_posts_count) end as posts_count,
    coalesce(posting.er_followers, stated.er_followers) as er_followers,
    coalesce(posting.er_likes_followers, stated.er_likes_followers) as er_likes_followers,
    coalesce(posting.er_views, stated.er_views) as er_views,
    accounts.er_reported,
    coalesce(posting.view_follower_ratio, stated.view_follower_ratio) as view_follower_ratio,
    coalesce(posting.comment_like_ratio, stated.comment_like_ratio) as comment_like_ratio,
    posting.engagement_iqr,
    posting.viral_post_ratio,
    posting.posts_per_week,
    posting.active_week_ratio,
    posting.days_since_last_post,
    posting.sponsored_ratio,
    posting.paid_performance_ratio,
    growth.growth_30d_ratio,
    growth.growth_90d_ratio,
    -- who follows hundreds and has no follower is known, and the extreme: no followers count as one
    case when accounts.followers_count is not null then accounts.following_count / greatest(accounts.followers_count, 1) end
        as following_follower_ratio,
    greatest(expected.monthly_growth_ratio, jumps.jump_ratio) as follower_jump_ratio,
    -- interactions that fall by themselves are no growth that they do not follow
    case
        when expected.followers_change is not null and posting.interactions_change is not null
            then greatest(expected.followers_change / greatest(posting.interactions_change, 1) - 1, 0)
    end as unfollowed_growth_ratio,
    {%- for feature in own_features() %}
    accounts.own_{{ feature.name }} as {{ feature.name }},
    {%- endfor %}
    case
        when coalesce(posting.er_followers, posting.er_views, posting.comment_like_ratio) is not null then 'posts'
        when coalesce(stated.er_followers, stated.er_likes_followers, stated.er_views, stated.comment_like_ratio) is not null
            then 'account_averages'
    end as engagement_basis
from accounts
left join posting
    on accounts.influencer_key = posting.influencer_key
left join growth
    on accounts.influencer_key = growth.influencer_key
left join expected
    on accounts.influencer_key = expected.influencer_key
left join jumps
    on accounts.influencer_key = jumps.influencer_key
left join stated
    on accounts.influencer_key = stated.influencer_key
