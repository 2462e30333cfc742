-- Grain: one row per influencer with posts: what they post and how it does, in the window before they were last observed.
with posts as (

    select * from {{ ref('int_posts') }}

),

accounts as (

    select * from {{ ref('int_accounts') }}

),

-- The window ends when the posts were last looked at; where nobody says when that was, at the last post.
spans as (

    select
        posts.influencer_key,
        count(*) as known_posts_count,
        max(posts.observed_at) as posts_observed_at,
        max(coalesce(posts.observed_at, posts.posted_at)) as window_ends_at,
        min(posts.posted_at) as first_posted_at,
        max(posts.posted_at) as last_posted_at
    from posts
    group by posts.influencer_key

),

windows as (

    select
        spans.*,
        accounts.followers_count,
        greatest(spans.posts_observed_at, accounts.account_observed_at_stated) as last_observed_at,
        spans.window_ends_at - interval {{ var('post_window_days') }} day as window_starts_at,
        spans.window_ends_at - interval {{ var('post_window_days') // 2 }} day as window_halved_at,
        -- A source often hands over the last few posts only. Rhythm counts over the days that are covered: the whole window if an
        -- older post is known, else since the first known post (a week at least).
        case
            when spans.first_posted_at <= spans.window_ends_at - interval {{ var('post_window_days') }} day
                then {{ var('post_window_days') }}
            else greatest({{ days_between('spans.first_posted_at', 'spans.window_ends_at') }}, 7)
        end as covered_days
    from spans
    inner join accounts
        on spans.influencer_key = accounts.influencer_key

),

window_posts as (

    select
        posts.*,
        windows.followers_count,
        windows.window_starts_at,
        windows.window_halved_at
    from posts
    inner join windows
        on posts.influencer_key = windows.influencer_key
    where
        posts.posted_at > windows.window_starts_at
        -- posts without a date are taken as recent: that is why a source shows them
        or posts.posted_at is null

),

typical as (

    select
        influencer_key,
        median(interactions_count) as interactions_median
    from window_posts
    group by influencer_key

),

measured as (

    select
        window_posts.influencer_key,
        count(*) as window_posts_count,
        count(window_posts.interactions_count) as posts_with_interactions_count,
        count(window_posts.is_sponsored) as posts_with_disclosure_count,
        count(distinct date_trunc('week', window_posts.posted_at)) as active_weeks_count,
        median(window_posts.views_count) as views_median,
        any_value(typical.interactions_median) as interactions_median,
        median(window_posts.interactions_count / nullif(window_posts.followers_count, 0)) as er_followers,
        median(window_posts.likes_count / nullif(window_posts.followers_count, 0)) as er_likes_followers,
        median(window_posts.interactions_count / nullif(window_posts.views_count, 0)) as er_views,
        median(window_posts.views_count / nullif(window_posts.followers_count, 0)) as view_follower_ratio,
        sum(window_posts.comments_count) filter (where window_posts.likes_count is not null)
        / nullif(sum(window_posts.likes_count) filter (where window_posts.comments_count is not null), 0) as comment_like_ratio,
        (
            percentile_cont(0.75) within group (order by window_posts.interactions_count)
            - percentile_cont(0.25) within group (order by window_posts.interactions_count)
        )
        / nullif(any_value(typical.interactions_median), 0) as engagement_iqr,
        count(*) filter (where window_posts.interactions_count > 3 * typical.interactions_median)
        / nullif(count(window_posts.interactions_count), 0) as viral_post_ratio,
        count(*) filter (where window_posts.is_sponsored) / nullif(count(window_posts.is_sponsored), 0) as sponsored_ratio,
        count(*) filter (where window_posts.is_sponsored) as sponsored_posts_count,
        {%- for evidence in ['flag', 'hashtag', 'phrase'] %}
        count(*) filter (where window_posts.sponsored_evidence = '{{ evidence }}') as sponsored_by_{{ evidence }}_posts_count,
        {%- endfor %}
        median(window_posts.interactions_count) filter (where window_posts.is_sponsored)
        / nullif(median(window_posts.interactions_count) filter (where not window_posts.is_sponsored), 0) as paid_performance_ratio,
        least(
            count(window_posts.interactions_count) filter (where window_posts.is_sponsored),
            count(window_posts.interactions_count) filter (where not window_posts.is_sponsored)
        ) as posts_compared_count,
        -- the newer half of the window over the older; posts without a date are in neither
        median(window_posts.interactions_count) filter (where window_posts.posted_at > window_posts.window_halved_at)
        / nullif(median(window_posts.interactions_count) filter (where window_posts.posted_at <= window_posts.window_halved_at), 0)
            as interactions_change,
        least(
            count(window_posts.interactions_count) filter (where window_posts.posted_at > window_posts.window_halved_at),
            count(window_posts.interactions_count) filter (where window_posts.posted_at <= window_posts.window_halved_at)
        ) as posts_of_a_half_count
    from window_posts
    inner join typical
        on window_posts.influencer_key = typical.influencer_key
    group by window_posts.influencer_key

)

select
    windows.influencer_key,
    windows.known_posts_count,
    coalesce(measured.window_posts_count, 0) as window_posts_count,
    coalesce(measured.posts_with_disclosure_count, 0) as posts_with_disclosure_count,
    coalesce(measured.sponsored_posts_count, 0) as sponsored_posts_count,
    {%- for evidence in ['flag', 'hashtag', 'phrase'] %}
    coalesce(measured.sponsored_by_{{ evidence }}_posts_count, 0) as sponsored_by_{{ evidence }}_posts_count,
    {%- endfor %}
    windows.last_posted_at,
    windows.window_starts_at,
    windows.window_ends_at,
    measured.views_median,
    measured.interactions_median,
    measured.er_followers,
    measured.er_likes_followers,
    measured.er_views,
    measured.view_follower_ratio,
    measured.comment_like_ratio,
    case when measured.posts_with_interactions_count >= {{ var('min_posts_for_rhythm') }} then measured.engagement_iqr end as engagement_iqr,
    case when measured.posts_with_interactions_count >= {{ var('min_posts_for_rhythm') }} then measured.viral_post_ratio end as viral_post_ratio,
    case
        when windows.known_posts_count >= {{ var('min_posts_for_rhythm') }} and windows.first_posted_at is not null
            then coalesce(measured.window_posts_count, 0) / (windows.covered_days / 7e0)
    end as posts_per_week,
    case
        when windows.known_posts_count >= {{ var('min_posts_for_rhythm') }} and windows.first_posted_at is not null
            then least(coalesce(measured.active_weeks_count, 0) / ceil(windows.covered_days / 7e0), 1.0)
    end as active_week_ratio,
    case
        -- a post that is younger than what is known of the account was there when it was seen
        when windows.known_posts_count >= {{ var('min_posts_for_rhythm') }} and windows.last_posted_at >= windows.last_observed_at then 0
        when windows.known_posts_count >= {{ var('min_posts_for_rhythm') }}
            then {{ days_between('windows.last_posted_at', 'windows.last_observed_at') }}
    end as days_since_last_post,
    case when measured.posts_with_disclosure_count >= {{ var('min_posts_for_rhythm') }} then measured.sponsored_ratio end as sponsored_ratio,
    case when measured.posts_compared_count >= {{ var('min_posts_for_paid_performance') }} then measured.paid_performance_ratio end
        as paid_performance_ratio,
    case when measured.posts_of_a_half_count >= {{ var('min_posts_for_rhythm') }} then measured.interactions_change end as interactions_change
from windows
left join measured
    on windows.influencer_key = measured.influencer_key
