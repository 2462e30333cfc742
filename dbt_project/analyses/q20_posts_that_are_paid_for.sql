-- Question: On which platforms and in which formats do sponsored posts hold up against the same person's other posts?
-- Read: 1 is as good as the others, 0.8 a fifth less. Each influencer counts once, however much they post.
-- On the sample: 8 rows; first platform = x, media_type = video, sponsored_to_organic_ratio = 0.9
with posts as (

    select * from {{ ref('fct_posts') }}
    where interactions_count is not null

),

-- each against themselves first: otherwise large accounts, which are sponsored more, would decide
per_influencer as (

    select
        influencer_key,
        platform,
        media_type,
        median(case when is_sponsored then interactions_count end) as sponsored_median,
        median(case when not is_sponsored then interactions_count end) as organic_median,
        sum(case when is_sponsored then 1 else 0 end) as sponsored_posts_count
    from posts
    where media_type is not null
    group by
        influencer_key,
        platform,
        media_type

),

compared as (

    select
        *,
        sponsored_median / nullif(organic_median, 0) as sponsored_to_organic_ratio
    from per_influencer
    where
        sponsored_posts_count >= 2
        and organic_median is not null

)

select
    platform,
    media_type,
    count(*) as influencers_count,
    sum(sponsored_posts_count) as sponsored_posts_count,
    round(median(sponsored_to_organic_ratio), 2) as sponsored_to_organic_ratio,
    round(100 * avg(case when sponsored_to_organic_ratio >= 1 then 1 else 0 end)) as at_least_as_good_pct
from compared
group by
    platform,
    media_type
having count(*) >= 10
order by
    sponsored_to_organic_ratio desc,
    platform asc,
    media_type asc
