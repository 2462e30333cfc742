-- Question: We like the first ten of a brief. Who else is near to at least two of them and did not answer it?
-- Read: Likeness to one may be chance, to several it is a kind. See `missed` for the criterion that kept them out.
-- On the sample: 41 rows; first account = sample_0505_fern, favourites_count = 4, missed = country;topic
with matches as (

    select * from {{ ref('brief_matches') }}
    where brief_id = 'skin_care_france'

),

candidates as (

    select * from {{ ref('brief_candidates') }}
    where brief_id = 'skin_care_france'

),

lookalikes as (

    select * from {{ ref('influencer_lookalikes') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

near as (

    select
        lookalikes.lookalike_key as influencer_key,
        count(*) as favourites_count,
        min(lookalikes.distance) as nearest_distance
    from matches
    inner join lookalikes
        on matches.influencer_key = lookalikes.influencer_key
    where matches.rank <= 10
    group by lookalikes.lookalike_key

)

select
    coalesce(influencers.handle, influencers.account_id) as account,
    influencers.platform,
    influencers.country_code,
    influencers.category,
    near.favourites_count,
    round(near.nearest_distance, 2) as nearest_distance,
    candidates.unmet_criteria as missed,
    candidates.unknown_criteria as not_known
from near
inner join influencers
    on near.influencer_key = influencers.influencer_key
inner join candidates
    on near.influencer_key = candidates.influencer_key
left join matches
    on near.influencer_key = matches.influencer_key
where
    near.favourites_count >= 2
    and matches.influencer_key is null
order by
    near.favourites_count desc,
    near.nearest_distance asc,
    account asc
