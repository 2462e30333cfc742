-- Grain: one row per influencer and term: in how many posts of the window it stands; the bio counts as one more.
with posts as (

    select * from {{ ref('int_posts') }}

),

posting as (

    select
        influencer_key,
        window_starts_at
    from {{ ref('int_posting') }}

),

sponsored_hashtags as (

    select '#' || term as term
    from {{ ref('disclosure_terms') }}
    where kind = 'hashtag'

),

{%- if var('content_words') %}

accounts as (

    select
        influencer_key,
        bio
    from {{ ref('int_accounts') }}

),
{%- endif %}

window_posts as (

    select
        posts.influencer_key,
        posts.hashtags,
        posts.caption
    from posts
    inner join posting
        on posts.influencer_key = posting.influencer_key
    where
        posts.posted_at > posting.window_starts_at
        or posts.posted_at is null

),

-- a hashtag keeps its sign, so that #vintage is not the word
used as (

    select
        influencer_key,
        '#' || hashtag as term
    from (
        select
            influencer_key,
            {{ each_item('hashtags') }} as hashtag
        from window_posts
    ) as tagged
    {%- if var('content_words') %}

    union all

    select
        influencer_key,
        {{ each_item(words_of('caption')) }} as term
    from window_posts
    where caption is not null

    union all

    select
        influencer_key,
        {{ each_item(words_of('bio')) }} as term
    from accounts
    where bio is not null
    {%- endif %}

)

select
    used.influencer_key,
    used.term,
    count(*) as uses_count
from used
-- Whether a post is paid for is a feature already (sponsored_ratio), and it is no topic.
left join sponsored_hashtags
    on used.term = sponsored_hashtags.term
where sponsored_hashtags.term is null
group by
    used.influencer_key,
    used.term
