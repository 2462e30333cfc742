-- Grain: one row per campaign brief and rank, of the best var brief_matches_shown.
with matches as (

    select * from {{ ref('brief_matches') }}
    where rank <= {{ var('brief_matches_shown') }}

),

influencers as (

    select
        influencer_key,
        profile_url
    from {{ ref('dim_influencers') }}

)

select
    matches.brief_id,
    matches.rank,
    matches.influencer_key,
    matches.platform,
    matches.handle,
    matches.display_name,
    influencers.profile_url,
    matches.country_code as country,
    matches.category,
    matches.tier,
    matches.cluster_key,
    matches.followers_count,
    matches.er_followers,
    matches.posts_per_week,
    matches.sponsored_ratio,
    matches.score,
    {%- for part in brief_parts() %}
    matches.{{ part }}_part,
    {%- endfor %}
    matches.reasons_for,
    matches.reasons_against,
    matches.cost,
    matches.cumulative_cost,
    matches.is_within_budget
from matches
inner join influencers
    on matches.influencer_key = influencers.influencer_key
