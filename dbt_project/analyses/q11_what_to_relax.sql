-- Question: A brief finds too few people. Which one wish, if we gave it up, would bring the most?
-- Read: `gained_count` are those who miss this criterion and no other. `not_known_count` are people to ask, not to strike out.
-- On the sample: 6 rows; first brief_id = games_on_video, give_up = topic, gained_count = 132
with outcomes as (

    select * from {{ ref('brief_outcomes') }}

),

ranked as (

    select
        *,
        row_number() over (partition by brief_id order by only_this_count desc, criterion_order asc) as place
    from outcomes
    where only_this_count > 0

)

select
    brief_id,
    matches_count,
    criterion as give_up,
    only_this_count as gained_count,
    round(100 * only_this_count / nullif(matches_count, 0)) as gained_pct,
    unknown_count as not_known_count
from ranked
where place <= 2
order by
    brief_id asc,
    place asc
