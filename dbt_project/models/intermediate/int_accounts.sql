-- Grain: one row per influencer, with the last value that any observation states for each column.
{%- set described = [
    'display_name', 'bio', 'profile_url', 'country_code', 'audience_country_code', 'language', 'category', 'is_verified', 'is_business',
    'account_created_on', 'followers_count', 'following_count', 'posts_count', 'total_views_count', 'total_likes_count', 'er_reported',
] %}
{%- for feature in own_features() %}
{%- do described.append('own_' ~ feature.name) %}
{%- endfor %}
{#- These only mean something together: likes of March over views of June would be a rate of no month. #}
{%- set averages = ['avg_likes', 'avg_comments', 'avg_views', 'avg_shares', 'avg_interactions'] %}

with keys as (

    select
        influencer_key,
        platform,
        max(resolved_account_id) as account_id
    from {{ ref('int_influencer_keys') }}
    group by
        influencer_key,
        platform

),

observations as (

    select * from {{ ref('int_account_observations') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

-- a handle may be known from posts alone
handles_seen as (

    select
        influencer_key,
        handle,
        observed_at
    from observations
    where handle is not null

    union all

    select
        influencer_key,
        handle,
        coalesce(observed_at, posted_at) as observed_at
    from posts
    where handle is not null

),

-- the last one seen is the one in use; of two seen at once the first in the alphabet
handles as (

    select
        influencer_key,
        min_by(handle, handle_rank) as handle
    from (
        select
            influencer_key,
            handle,
            row_number() over (
                partition by influencer_key
                order by observed_at desc nulls last, handle asc
            ) as handle_rank
        from handles_seen
    ) as ranked_handles
    group by influencer_key

),

last_known as (

    select
        influencer_key,
        max(observed_at) as account_observed_at,
        -- a date that was only assumed from the import says nothing about how long ago something was
        max(observed_at) filter (where not is_observed_at_assumed) as account_observed_at_stated,
        count(*) as observations_count,
        max(observed_at) filter (where followers_count is not null) as followers_observed_at,
        max(observed_at) filter (where coalesce({{ averages | join(', ') }}) is not null) as averages_observed_at,
        {%- for column in described %}
        max_by({{ column }}, observed_at) filter (where {{ column }} is not null) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from observations
    group by influencer_key

)

select
    keys.influencer_key,
    keys.platform,
    keys.account_id,
    handles.handle,
    {{ all_but(['influencer_key', 'averages_observed_at'], of='last_known') }},
    {%- for column in averages %}
    observations.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from keys
left join handles
    on keys.influencer_key = handles.influencer_key
left join last_known
    on keys.influencer_key = last_known.influencer_key
left join observations
    on last_known.influencer_key = observations.influencer_key
    and last_known.averages_observed_at = observations.observed_at
