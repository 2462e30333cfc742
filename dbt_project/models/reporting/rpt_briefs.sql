-- Grain: one row per campaign brief: what it asks for in figures, and how many answer it.
with briefs as (

    select * from {{ ref('int_briefs') }}

),

outcomes as (

    select
        brief_id,
        max(influencers_count) as influencers,
        max(matches_count) as matches
    from {{ ref('brief_outcomes') }}
    group by brief_id

),

matches as (

    select
        brief_id,
        count(*) filter (where is_within_budget) as affordable_matches,
        max(currency) as currency
    from {{ ref('brief_matches') }}
    group by brief_id

)

select
    briefs.brief_id,
    row_number() over (order by briefs.brief_id asc) as brief_order,
    briefs.title,
    briefs.followers_min,
    briefs.followers_max,
    briefs.er_followers_min,
    briefs.er_followers_max,
    briefs.sponsored_ratio_max,
    briefs.posts,
    briefs.budget,
    matches.currency,
    coalesce(outcomes.influencers, 0) as influencers,
    coalesce(outcomes.matches, 0) as matches,
    coalesce(matches.affordable_matches, 0) as affordable_matches
from briefs
left join outcomes
    on briefs.brief_id = outcomes.brief_id
left join matches
    on briefs.brief_id = matches.brief_id
