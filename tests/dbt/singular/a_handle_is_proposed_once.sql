-- An account has one handle before and one after: no handle stands in two proposals of its side, and no change is listed twice.
select
    'old' as side,
    platform,
    old_name as name
from {{ ref('rename_review') }}
where status = 'proposed'
group by
    platform,
    old_name
having count(*) > 1

union all

select
    'new' as side,
    platform,
    new_name as name
from {{ ref('rename_review') }}
where status = 'proposed'
group by
    platform,
    new_name
having count(*) > 1

union all

select
    'change' as side,
    platform,
    old_name as name
from {{ ref('rename_review') }}
where status != 'proposed'
group by
    platform,
    name_kind,
    old_name,
    new_name,
    influencer_key
having count(*) > 1
