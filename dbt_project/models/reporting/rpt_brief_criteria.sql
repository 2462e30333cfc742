-- Grain: one row per campaign brief and criterion that it asks for: how many it leaves out.
with outcomes as (

    select * from {{ ref('brief_outcomes') }}

),

asked as (

    select
        brief_id,
        case
            when criterion in ('category', 'keyword') then 'topic'
            when criterion = 'similar_to' then 'excluded'
            else criterion
        end as criterion
    from {{ ref('int_brief_values') }}
    union
    select
        brief_id,
        'followers' as criterion
    from {{ ref('int_briefs') }}
    where coalesce(followers_min, followers_max) is not null
    union
    select
        brief_id,
        'engagement' as criterion
    from {{ ref('int_briefs') }}
    where coalesce(er_followers_min, er_followers_max) is not null
    union
    select
        brief_id,
        'sponsored' as criterion
    from {{ ref('int_briefs') }}
    where sponsored_ratio_max is not null
    union
    select
        brief_id,
        'budget' as criterion
    from {{ ref('int_briefs') }}
    where budget is not null

)

select
    outcomes.brief_id,
    outcomes.criterion_order,
    outcomes.criterion,
    outcomes.unmet_count as unmet,
    outcomes.unknown_count as not_known,
    outcomes.only_this_count as only_this
from outcomes
inner join asked
    on outcomes.brief_id = asked.brief_id
    and outcomes.criterion = asked.criterion
