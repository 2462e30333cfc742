-- Question: With our own prices per post, how far do 6,000 euros go down the ranking of a brief?
-- Read: Put your prices in place of these, which are an example. Or keep them in the seed rate_card, which fills `cost` of every
--     brief by itself.
-- On the sample: 6 rows; first rank = 1, handle = sample_1411_bloom, cost = 300, spent = 300
with matches as (

    select * from {{ ref('brief_matches') }}
    where brief_id = 'skin_care_france'

),

prices as (

    select
        'nano' as tier,
        150 as price_per_post
    union all
    select
        'micro' as tier,
        600 as price_per_post

),

costed as (

    select
        matches.rank,
        matches.handle,
        matches.tier,
        matches.followers_count,
        prices.price_per_post * 2 as cost,
        -- ranks are distinct, so that rows and range sum up alike
        sum(prices.price_per_post * 2) over (order by matches.rank asc rows between unbounded preceding and current row) as spent
    from matches
    inner join prices
        on matches.tier = prices.tier

)

select
    rank,
    handle,
    tier,
    cost,
    spent,
    round(1000 * cost / nullif(followers_count, 0), 2) as cost_per_thousand_followers
from costed
where spent <= 6000
order by rank asc
