-- Grain: one row per post, as last observed.
with post_rows as (

    select * from {{ ref('int_post_rows') }}
    where is_used

),

-- one row: no post is joined with terms
declared as (

    select {{ list_in_order('term', ['term'], "kind = 'hashtag'") }} as hashtags
    from {{ ref('disclosure_terms') }}

),

-- What the platform says and what the list of hashtags holds is looked at first; captions are only read where neither settles it.
stated as (

    select
        post_rows.*,
        case
            when post_rows.is_sponsored_stated then 'flag'
            when {{ lists_meet('post_rows.hashtags', 'declared.hashtags') }} then 'hashtag'
        end as stated_evidence
    from post_rows
    cross join declared

),

lowered as (

    select
        *,
        case when stated_evidence is null then lower(caption) end as caption_in_lower_case
    from stated

),

-- A denial takes back words, whose sense it turns round ("not sponsored by"), and no hashtag: giveaways say both, of two firms.
judged as (

    select
        *,
        case
            when stated_evidence is not null then stated_evidence
            when {{ declares('caption_in_lower_case', 'hashtag') }} then 'hashtag'
            when
                ({{ declares('caption_in_lower_case', 'label') }} or {{ declares('caption_in_lower_case', 'phrase') }})
                and not {{ declares('caption_in_lower_case', 'denial') }}
                then 'phrase'
        end as sponsored_evidence
    from lowered

)

select
    {{ all_but(['is_used', 'stated_evidence', 'caption_in_lower_case', 'sponsored_evidence']) }},
    -- Who declares it is believed over a flag that says no; a post of which neither flag nor text is known is not called organic.
    case
        when sponsored_evidence is not null then true
        when
            is_sponsored_stated is not null
            or caption is not null
            or {{ list_length('hashtags') }} > 0
            then false
    end as is_sponsored,
    sponsored_evidence,
    -- hidden likes are unknown, and so is their sum with the comments
    likes_count + comments_count as interactions_count
from judged
