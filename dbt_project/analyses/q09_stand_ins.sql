-- Question: The first choice of a brief is not available. Who are the three nearest who answer the brief too?
-- Read: The shorter the distance the better, and the more features it rests on the surer. `apart_feature` is what to ask about.
-- On the sample: 4 rows; first brief_id = more_of_these, first_choice = sample_0337_gable, stand_in = SAMPLE_0937_JADE, distance = 1.36, apart_feature = er_views
with matches as (

    select * from {{ ref('brief_matches') }}

),

lookalikes as (

    select * from {{ ref('influencer_lookalikes') }}

),

nearest as (

    select
        first_choice.brief_id,
        first_choice.handle as first_choice,
        stand_in.handle as stand_in,
        stand_in.rank as stand_in_rank,
        lookalikes.distance,
        lookalikes.alike_1_feature,
        lookalikes.apart_feature,
        lookalikes.shared_features_count,
        row_number() over (partition by first_choice.brief_id order by lookalikes.rank asc) as place
    from matches as first_choice
    inner join lookalikes
        on first_choice.influencer_key = lookalikes.influencer_key
    inner join matches as stand_in
        on lookalikes.lookalike_key = stand_in.influencer_key
        and first_choice.brief_id = stand_in.brief_id
    where first_choice.rank = 1

)

select
    brief_id,
    first_choice,
    place,
    stand_in,
    stand_in_rank,
    round(distance, 2) as distance,
    alike_1_feature,
    apart_feature,
    shared_features_count
from nearest
where place <= 3
order by
    brief_id asc,
    place asc
