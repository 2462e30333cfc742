-- Grain: one row per account and account of another network that it names as its own, or that the seed known_person_links names.
{%- set links = profile_links() %}
with accounts as (

    select
        influencer_key,
        platform,
        account_id,
        handle,
        lower(handle) as handle_folded,
        replace(replace(replace(replace(lower(handle), '.', ''), '_', ''), '-', ''), ' ', '') as handle_letters,
        {{ fold('display_name') }} as display_name_folded,
        bio,
        profile_url
    from {{ ref('int_accounts') }}

),

-- every name that means one account, former ones too; one that has meant two is no address
handles as (

    select
        platform,
        handle_folded,
        min(influencer_key) as influencer_key
    from {{ ref('int_influencer_keys') }}
    where handle_folded is not null
    group by
        platform,
        handle_folded
    having count(distinct influencer_key) = 1

),

ids as (

    select
        platform,
        lower(resolved_account_id) as account_id_folded,
        min(influencer_key) as influencer_key
    from {{ ref('int_influencer_keys') }}
    where resolved_account_id is not null
    group by
        platform,
        lower(resolved_account_id)
    having count(distinct influencer_key) = 1

),

texts as (

    select
        influencer_key,
        platform,
        'profile_url' as evidence,
        profile_url as stated_text
    from accounts
    where profile_url is not null

    union all

    select
        influencer_key,
        platform,
        'bio' as evidence,
        bio as stated_text
    from accounts
    where bio is not null

),

patterns as (

    select numbers.pattern_number
    from (values {% for link in links %}({{ loop.index }}){{ ', ' if not loop.last }}{% endfor %}) as numbers (pattern_number)

),

found as (

    select
        texts.influencer_key,
        texts.platform,
        texts.evidence,
        case patterns.pattern_number
            {%- for link in links %}
            when {{ loop.index }} then '{{ link.platform }}'
            {%- endfor %}
        end as linked_platform,
        case patterns.pattern_number
            {%- for link in links %}
            when {{ loop.index }} then '{{ link.names }}'
            {%- endfor %}
        end as names,
        case patterns.pattern_number
            {%- for link in links %}
            when {{ loop.index }} then regexp_extract(texts.stated_text, '{{ link.pattern }}', 1)
            {%- endfor %}
        end as linked_name,
        case patterns.pattern_number
            {%- for link in links %}
            when {{ loop.index }} then regexp_extract(texts.stated_text, '{{ link.pattern }}', 0)
            {%- endfor %}
        end as evidence_text
    from texts
    cross join patterns

),

stated as (

    select
        found.influencer_key,
        coalesce(ids.influencer_key, handles.influencer_key) as linked_influencer_key,
        found.evidence,
        trim(found.evidence_text) as evidence_text
    from found
    left join ids
        on found.linked_platform = ids.platform
        and lower(found.linked_name) = ids.account_id_folded
        and found.names = 'account_id'
    left join handles
        on found.linked_platform = handles.platform
        and lower(found.linked_name) = handles.handle_folded
        and found.names = 'handle'
    where
        found.linked_name != ''
        -- within a network people name their partners, sponsors and friends
        and found.linked_platform != found.platform
        and coalesce(ids.influencer_key, handles.influencer_key) is not null

),

entries as (

    select
        lower(trim(platform)) as platform,
        nullif(lower(trim(leading '@' from trim(handle))), '') as handle,
        lower(trim(other_platform)) as other_platform,
        nullif(lower(trim(leading '@' from trim(other_handle))), '') as other_handle,
        lower(trim(verdict)) as verdict
    from {{ ref('known_person_links') }}

),

-- an entry may give the platform's own id where there is no handle
matched as (

    select
        entries.*,
        coalesce(handles.influencer_key, ids.influencer_key) as influencer_key,
        coalesce(other_handles.influencer_key, other_ids.influencer_key) as other_influencer_key
    from entries
    left join handles
        on entries.platform = handles.platform
        and entries.handle = handles.handle_folded
    left join ids
        on entries.platform = ids.platform
        and entries.handle = ids.account_id_folded
    left join handles as other_handles
        on entries.other_platform = other_handles.platform
        and entries.other_handle = other_handles.handle_folded
    left join ids as other_ids
        on entries.other_platform = other_ids.platform
        and entries.other_handle = other_ids.account_id_folded

),

faults as (

    select
        'a verdict other than same or different' as fault,
        concat_ws(' ', platform, handle, other_platform, other_handle, verdict) as entry
    from matched
    where
        verdict is null
        or verdict not in ('same', 'different')

    union all

    select
        'an account that no source has' as fault,
        coalesce(concat_ws(' ', platform, handle), 'an empty cell') as entry
    from matched
    where influencer_key is null

    union all

    select
        'an account that no source has' as fault,
        coalesce(concat_ws(' ', other_platform, other_handle), 'an empty cell') as entry
    from matched
    where other_influencer_key is null

    union all

    select
        'an account linked with itself' as fault,
        concat_ws(' ', platform, handle) as entry
    from matched
    where influencer_key = other_influencer_key

),

checked as (

    select
        case
            when count(*) > 0
                then {{ stop_with(
                    "'expected every entry of seeds/reference/known_person_links.csv to name two known accounts; got ' || "
                    ~ text_in_order("fault || ': ' || entry", '; ', ['fault', 'entry'])
                    ~ " || '; remedy: correct or remove these entries'"
                ) }}
            else 'all found'
        end as outcome
    from faults

),

decided as (

    select
        matched.influencer_key,
        matched.other_influencer_key as linked_influencer_key,
        matched.verdict
    from matched
    cross join checked
    where checked.outcome = 'all found'

),

-- a verdict is about two accounts, whichever of them stands first
verdicts as (

    select
        influencer_key,
        linked_influencer_key,
        -- of two verdicts on one pair the careful one
        min(verdict) as verdict
    from (
        select
            influencer_key,
            linked_influencer_key,
            verdict
        from decided

        union all

        select
            linked_influencer_key as influencer_key,
            influencer_key as linked_influencer_key,
            verdict
        from decided
    ) as both_ways
    group by
        influencer_key,
        linked_influencer_key

),

gathered as (

    select
        influencer_key,
        linked_influencer_key,
        evidence,
        evidence_text
    from stated

    union all

    select
        influencer_key,
        linked_influencer_key,
        'seed' as evidence,
        cast(null as string) as evidence_text
    from decided
    where verdict = 'same'

),

ranked as (

    select
        *,
        row_number() over (
            partition by influencer_key, linked_influencer_key
            order by
                case evidence when 'seed' then 1 when 'profile_url' then 2 else 3 end asc,
                evidence_text asc
        ) as evidence_rank
    from gathered

),

links as (

    select
        influencer_key,
        linked_influencer_key,
        evidence,
        evidence_text
    from ranked
    where evidence_rank = 1

),

judged as (

    select
        links.influencer_key,
        links.linked_influencer_key,
        accounts.platform,
        accounts.handle,
        linked_accounts.platform as linked_platform,
        linked_accounts.handle as linked_handle,
        links.evidence,
        links.evidence_text,
        answers.influencer_key is not null as is_mutual,
        coalesce(
            accounts.handle_letters = linked_accounts.handle_letters or accounts.display_name_folded = linked_accounts.display_name_folded, false
        ) as is_same_name,
        coalesce(verdicts.verdict, '') as verdict
    from links
    inner join accounts
        on links.influencer_key = accounts.influencer_key
    inner join accounts as linked_accounts
        on links.linked_influencer_key = linked_accounts.influencer_key
    left join links as answers
        on links.influencer_key = answers.linked_influencer_key
        and links.linked_influencer_key = answers.influencer_key
    left join verdicts
        on links.influencer_key = verdicts.influencer_key
        and links.linked_influencer_key = verdicts.linked_influencer_key

)

select
    influencer_key,
    linked_influencer_key,
    platform,
    handle,
    linked_platform,
    linked_handle,
    evidence,
    evidence_text,
    is_mutual,
    is_same_name,
    -- A link that is not answered may lead to a sponsor, a label or an idol: it takes the same name beside it.
    verdict != 'different' and (verdict = 'same' or is_mutual or is_same_name) as is_applied
from judged
