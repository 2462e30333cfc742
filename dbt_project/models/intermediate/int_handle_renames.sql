-- Grain: one row per platform and handle that the seed handle_renames leads back to an earlier one.
{#- Renames that follow each other: more than anybody does, and a circle never ends. #}
{%- set hops = 8 %}
with entries as (

    select
        platform as platform_text,
        lower(trim(platform)) as platform,
        nullif(lower(trim(leading '@' from trim(old_handle))), '') as old_handle,
        nullif(lower(trim(leading '@' from trim(new_handle))), '') as new_handle,
        lower(trim(verdict)) as verdict
    from {{ ref('handle_renames') }}

),

seen as (

    select
        platform,
        handle_folded,
        account_id
    from {{ ref('stg_accounts') }}
    where handle_folded is not null

    union distinct

    select
        platform,
        handle_folded,
        account_id
    from {{ ref('stg_posts') }}
    where handle_folded is not null

),

handles as (

    select distinct
        platform,
        handle_folded
    from seen

),

steps as (

    select
        platform,
        old_handle,
        new_handle
    from entries
    where verdict = 'same'

),

first_handles as (

    select
        steps.platform,
        steps.new_handle as handle_folded,
        steps.old_handle as previous_handle_folded,
        coalesce({% for hop in range(hops, 0, -1) %}step_{{ hop }}.old_handle, {% endfor %}steps.old_handle) as first_handle_folded,
        step_{{ hops }}.old_handle is not null as is_endless
    from steps
    {%- for hop in range(1, hops + 1) %}
    left join steps as step_{{ hop }}
        on steps.platform = step_{{ hop }}.platform
        and {{ 'steps' if hop == 1 else 'step_' ~ (hop - 1) }}.old_handle = step_{{ hop }}.new_handle
    {%- endfor %}

),

ids as (

    select
        names.platform,
        names.first_handle_folded,
        count(distinct seen.account_id) as ids_count
    from (
        select
            platform,
            first_handle_folded,
            handle_folded
        from first_handles

        union distinct

        select
            platform,
            first_handle_folded,
            first_handle_folded as handle_folded
        from first_handles
    ) as names
    inner join seen
        on names.platform = seen.platform
        and names.handle_folded = seen.handle_folded
    group by
        names.platform,
        names.first_handle_folded

),

-- What is wrong, entry by entry. A rename that was meant and does nothing would be missed by nobody, and one that joins two people is
-- worse: the build stops and names it.
faults as (

    select
        'a verdict other than same or different' as fault,
        concat_ws(' ', platform_text, old_handle, new_handle, verdict) as entry
    from entries
    where
        verdict is null
        or verdict not in ('same', 'different')

    union all

    select
        'a handle that no source has' as fault,
        steps.platform || ' ' || steps.old_handle as entry
    from steps
    left join handles
        on steps.platform = handles.platform
        and steps.old_handle = handles.handle_folded
    where handles.platform is null

    union all

    select
        'a handle that no source has' as fault,
        coalesce(steps.platform || ' ' || steps.new_handle, 'an empty cell') as entry
    from steps
    left join handles
        on steps.platform = handles.platform
        and steps.new_handle = handles.handle_folded
    where
        handles.platform is null
        or steps.old_handle is null

    union all

    select
        'a handle that comes from two others' as fault,
        platform || ' ' || new_handle as entry
    from steps
    group by
        platform,
        new_handle
    having count(*) > 1

    union all

    select
        'a handle that became two others' as fault,
        platform || ' ' || old_handle as entry
    from steps
    group by
        platform,
        old_handle
    having count(*) > 1

    union all

    select
        'a circle, or more than {{ hops }} renames in a row' as fault,
        platform || ' ' || handle_folded as entry
    from first_handles
    where is_endless

    union all

    select
        'handles whose ids say that they are two accounts' as fault,
        platform || ' ' || first_handle_folded as entry
    from ids
    where ids_count > 1

),

checked as (

    select
        case
            when count(*) > 0
                then {{ stop_with(
                    "'expected every entry of seeds/reference/handle_renames.csv to lead from one known handle to another; got ' || "
                    ~ text_in_order("fault || ': ' || entry", '; ', ['fault', 'entry'])
                    ~ " || '; remedy: correct or remove these entries'"
                ) }}
            else 'all found'
        end as outcome
    from faults

)

select
    first_handles.platform,
    first_handles.handle_folded,
    first_handles.previous_handle_folded,
    first_handles.first_handle_folded
from first_handles
cross join checked
where checked.outcome = 'all found'
