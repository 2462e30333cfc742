-- Grain: one row per influencer and handle that one of their sponsored posts mentions.
{%- set partners = var('partner_columns') %}
with posts as (

    select
        influencer_key,
        platform,
        caption,
        posted_at,
        {%- if partners %}
        extra,
        coalesce(is_sponsored, false) or coalesce({% for column in partners %}nullif(trim({{ json_field('extra', column) }}), ''){{ ', ' if not loop.last }}{% endfor %}) is not null
        {%- else %}
        coalesce(is_sponsored, false)
        {%- endif %} as is_sponsored
    from {{ ref('int_posts') }}

),

accounts as (

    select
        influencer_key,
        platform,
        lower(handle) as handle_in_lower_case
    from {{ ref('int_accounts') }}

),

-- A partner that the source names in a column of its own is taken as if the caption mentioned it.
texts as (

    select
        influencer_key,
        platform,
        posted_at,
        is_sponsored,
        {%- if partners %}
        concat_ws(
            ' ', lower(caption)
            {%- for column in partners %}, '@' || nullif(trim(leading '@' from lower(trim({{ json_field('extra', column) }}))), ''){% endfor %}
        ) as text
        {%- else %}
        lower(caption) as text
        {%- endif %}
    from posts

),

-- not what stands in an address of mail; the full stop of a sentence is no part of a handle
mentions as (

    select
        influencer_key,
        platform,
        posted_at,
        is_sponsored,
        {{ each_item('array_distinct(' ~ text_found('text', '(^|[^a-z0-9_.@])@([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?(@[a-z0-9-]+([.][a-z0-9-]+)+)?)', 2) ~ ')') }} as brand_handle
    from texts
    where contains(text, '@')

),

counted as (

    select
        influencer_key,
        platform,
        brand_handle,
        count(*) as posts_count,
        count(*) filter (where is_sponsored) as sponsored_posts_count,
        min(posted_at) as first_posted_at,
        max(posted_at) as last_posted_at
    from mentions
    group by
        influencer_key,
        platform,
        brand_handle

),

listed as (

    select
        platform,
        handle_in_lower_case,
        min(influencer_key) as influencer_key
    from accounts
    where handle_in_lower_case is not null
    group by
        platform,
        handle_in_lower_case

)

select
    counted.influencer_key,
    counted.brand_handle,
    counted.platform,
    listed.influencer_key as brand_influencer_key,
    counted.posts_count,
    counted.sponsored_posts_count,
    counted.first_posted_at,
    counted.last_posted_at
from counted
inner join accounts
    on counted.influencer_key = accounts.influencer_key
left join listed
    on counted.platform = listed.platform
    and counted.brand_handle = listed.handle_in_lower_case
where
    counted.sponsored_posts_count > 0
    and counted.brand_handle is distinct from accounts.handle_in_lower_case
