-- Grain: one row per campaign brief and criterion: how many influencers it leaves out, and how many it alone.
{%- set criteria = brief_criteria() %}
with candidates as (

    select * from {{ ref('brief_candidates') }}

),

criteria as (

    {%- for criterion in criteria %}
    select
        '{{ criterion }}' as criterion,
        {{ loop.index }} as criterion_order
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

briefs as (

    select
        brief_id,
        count(*) as influencers_count,
        count(*) filter (where missed_count = 0) as matches_count
    from candidates
    group by brief_id

),

counted as (

    select
        candidates.brief_id,
        criteria.criterion,
        count(*) filter (where contains(';' || candidates.unmet_criteria || ';', ';' || criteria.criterion || ';')) as unmet_count,
        count(*) filter (where contains(';' || candidates.unknown_criteria || ';', ';' || criteria.criterion || ';')) as unknown_count,
        count(*) filter (
            where
                candidates.missed_count = 1
                and criteria.criterion in (candidates.unmet_criteria, candidates.unknown_criteria)
        ) as only_this_count
    from candidates
    cross join criteria
    where candidates.missed_count > 0
    group by
        candidates.brief_id,
        criteria.criterion

)

select
    briefs.brief_id,
    criteria.criterion_order,
    criteria.criterion,
    briefs.influencers_count,
    briefs.matches_count,
    coalesce(counted.unmet_count, 0) as unmet_count,
    coalesce(counted.unknown_count, 0) as unknown_count,
    coalesce(counted.only_this_count, 0) as only_this_count
from briefs
cross join criteria
left join counted
    on briefs.brief_id = counted.brief_id
    and criteria.criterion = counted.criterion
