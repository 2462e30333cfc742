-- Question: Who stands in another cluster than at the end of March?
-- Read: Segment lists that were exported then are wrong about these people. Where the confidence is near 0, the move means little.
-- On the sample: 0 rows
-- After a second run: 268 rows; first account = SAMPLE_1355_ISLAND, cluster_key_then = c03, cluster_key_now = c05
with memberships as (

    select * from {{ ref('fct_cluster_memberships') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

-- The last run up to the date speaks for it; where the history begins later, the first run there is. Runs over the sample and over
-- a list of your own are two histories.
placed as (

    select
        *,
        row_number() over (
            partition by source_kind, influencer_key
            order by
                case when built_at < timestamp '2026-04-01 00:00:00' then 0 else 1 end asc,
                case when built_at < timestamp '2026-04-01 00:00:00' then built_at end desc,
                built_at asc
        ) as place
    from memberships

),

then_and_now as (

    select
        coalesce(influencers.handle, influencers.account_id) as account,
        influencers.platform,
        influencers.followers_count,
        influencers.confidence,
        placed.cluster_key as cluster_key_then,
        influencers.cluster_key as cluster_key_now
    from placed
    inner join influencers
        on placed.influencer_key = influencers.influencer_key
    where placed.place = 1

)

select
    account,
    platform,
    followers_count,
    cluster_key_then,
    cluster_key_now,
    round(confidence, 2) as confidence
from then_and_now
where cluster_key_then != cluster_key_now
order by
    followers_count desc nulls last,
    account asc
