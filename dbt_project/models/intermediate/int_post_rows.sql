-- Grain: one row per usable post row, with its influencer and whether it is the latest observation of its post.
with posts as (

    select * from {{ ref('stg_posts') }}

),

keys as (

    select * from {{ ref('int_influencer_keys') }}

),

keyed as (

    select
        md5(posts.platform || ':' || posts.post_id) as post_key,
        keys.influencer_key,
        posts.*
    from posts
    inner join keys
        on posts.platform = keys.platform
        and posts.account_id is not distinct from keys.account_id
        and posts.handle_folded is not distinct from keys.handle_folded

)

select
    *,
    -- Counts only grow, so where two sources saw a post at the same moment the higher one is the newer.
    row_number() over (
        partition by post_key
        order by
            observed_at desc nulls last,
            landed_at desc,
            coalesce(views_count, likes_count) desc nulls last,
            file_sha256 asc,
            row_number_in_file asc,
            post_row_key asc
    ) = 1 as is_used
from keyed
