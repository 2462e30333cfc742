-- Grain: one row per influencer: what they sell, for whom, and what it costs and is worth by the user's own rates.
{%- set values = {
    'likes_count': 'value_per_like', 'comments_count': 'value_per_comment', 'shares_count': 'value_per_share', 'saves_count': 'value_per_save',
    'views_count': 'value_per_thousand_views / 1000',
} %}
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

posting as (

    select * from {{ ref('int_posting') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

prices as (

    select * from {{ ref('int_rate_card') }}

),

rates as (

    select * from {{ ref('int_media_value_rates') }}

),

brands as (

    select
        influencer_key,
        count(*) as brands_count
    from {{ ref('influencer_brands') }}
    group by influencer_key

),

-- Each post of the window at the rates of its day; one without a date at those of the last day. What is not shown adds nothing, so a value
-- is at least so much.
valued as (

    select
        posts.influencer_key,
        rates.currency,
        case
            when coalesce({% for count, value in values.items() %}posts.{{ count }} * rates.{{ value }}{{ ', ' if not loop.last }}{% endfor %}) is not null
                then {% for count, value in values.items() %}coalesce(posts.{{ count }} * rates.{{ value }}, 0){{ ' + ' if not loop.last }}{% endfor %}
        end as media_value
    from posts
    inner join posting
        on posts.influencer_key = posting.influencer_key
    inner join rates
        on posts.platform = rates.platform
        and coalesce(posts.posted_at, posting.window_ends_at) >= rates.valid_from
        and (rates.valid_until is null or coalesce(posts.posted_at, posting.window_ends_at) < rates.valid_until)
    where
        posts.posted_at > posting.window_starts_at
        or posts.posted_at is null

),

-- decimals, for a sum of doubles depends on the order in which threads add
media_values as (

    select
        influencer_key,
        max(currency) as currency,
        count(media_value) as valued_posts_count,
        cast(sum(cast(media_value as decimal(28, 6))) as double) as earned_media_value
    from valued
    group by influencer_key

)

select
    influencers.influencer_key,
    influencers.platform,
    influencers.tier,
    influencers.cluster_key,
    coalesce(posting.posts_with_disclosure_count, 0) as posts_with_disclosure_count,
    coalesce(posting.sponsored_posts_count, 0) as sponsored_posts_count,
    coalesce(posting.sponsored_by_flag_posts_count, 0) as sponsored_by_flag_posts_count,
    coalesce(posting.sponsored_by_hashtag_posts_count, 0) as sponsored_by_hashtag_posts_count,
    coalesce(posting.sponsored_by_phrase_posts_count, 0) as sponsored_by_phrase_posts_count,
    influencers.sponsored_ratio,
    influencers.paid_performance_ratio,
    case when posting.influencer_key is not null then coalesce(brands.brands_count, 0) end as brands_count,
    prices.price_per_post,
    prices.currency as price_currency,
    prices.valid_from as price_valid_from,
    prices.price_per_post / nullif(posting.interactions_median, 0) as cost_per_interaction,
    media_values.earned_media_value,
    media_values.valued_posts_count,
    media_values.currency as media_value_currency
from influencers
left join posting
    on influencers.influencer_key = posting.influencer_key
left join brands
    on influencers.influencer_key = brands.influencer_key
left join prices
    on influencers.platform = prices.platform
    and influencers.tier = prices.tier
left join media_values
    on influencers.influencer_key = media_values.influencer_key
