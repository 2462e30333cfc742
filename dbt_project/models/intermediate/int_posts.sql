-- Grain: one row per post, as last observed.
with post_rows as (

    select * from {{ ref('int_post_rows') }}
    where is_used

),

sponsored_hashtags as (

    select {{ list_in_order('hashtag', ['hashtag']) }} as hashtags
    from {{ ref('sponsored_hashtags') }}

)

select
    {{ all_but(['is_used'], of='post_rows') }},
    -- The platform's flag or a declared hashtag says so; a post of which neither is known is not called organic.
    case
        when post_rows.is_sponsored_stated then true
        when {{ lists_meet('post_rows.hashtags', 'sponsored_hashtags.hashtags') }} then true
        when
            post_rows.is_sponsored_stated is not null
            or post_rows.caption is not null
            or {{ list_length('post_rows.hashtags') }} > 0
            then false
    end as is_sponsored,
    -- hidden likes are unknown, and so is their sum with the comments
    post_rows.likes_count + post_rows.comments_count as interactions_count
from post_rows
cross join sponsored_hashtags
