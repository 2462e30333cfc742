-- Grain: one row per campaign brief and rank: an influencer who meets all that it asks for, with a score of named parts.
{%- set parts = brief_parts() %}
{%- set weights = var('brief_weights') %}
with candidates as (

    select * from {{ ref('brief_candidates') }}
    where missed_count = 0

),

briefs as (

    select * from {{ ref('int_briefs') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

parts as (

    select
        candidates.brief_id,
        influencers.influencer_key,
        influencers.platform,
        influencers.handle,
        influencers.display_name,
        influencers.country_code,
        influencers.category,
        influencers.tier,
        influencers.cluster_key,
        influencers.cluster_name,
        influencers.followers_count,
        influencers.er_followers,
        influencers.posts_per_week,
        influencers.sponsored_ratio,
        influencers.confidence,
        influencers.er_followers_percentile / 100 as engagement_part,
        influencers.posts_per_week_percentile / 100 as activity_part,
        1 - influencers.sponsored_ratio as availability_part,
        candidates.keywords_met_count / nullif(candidates.keywords_count, 0) as keywords_part,
        -- of those who fit, how many are farther away
        case
            when candidates.similarity_distance is not null
                then 1 - percent_rank() over (partition by candidates.brief_id order by candidates.similarity_distance asc)
        end as similarity_part,
        candidates.keywords_count > 0 as asks_for_keywords,
        candidates.similarity_distance is not null as asks_for_similarity,
        candidates.cost,
        candidates.currency,
        briefs.budget
    from candidates
    inner join briefs
        on candidates.brief_id = briefs.brief_id
    inner join influencers
        on candidates.influencer_key = influencers.influencer_key

),

-- A part that is not known counts as the middle, as unknown features do in distances; a part that the brief does not ask for, not at all.
scored as (

    select
        *,
        (
            {%- for part in parts %}
            {{ weights[part] }} * {{ "case when asks_for_" ~ part ~ " then coalesce(" ~ part ~ "_part, 0.5) else 0 end" if part in ['keywords', 'similarity'] else "coalesce(" ~ part ~ "_part, 0.5)" }}{{ ' + ' if not loop.last }}
            {%- endfor %}
        ) / nullif(
            {%- for part in parts %}
            {{ weights[part] }}{{ " * case when asks_for_" ~ part ~ " then 1 else 0 end" if part in ['keywords', 'similarity'] }}{{ ' + ' if not loop.last }}
            {%- endfor %}, 0
        ) as score
    from parts

),

ranked as (

    select
        *,
        row_number() over (partition by brief_id order by score desc, followers_count desc, influencer_key asc) as rank
    from scored

)

select
    brief_id,
    rank,
    influencer_key,
    platform,
    handle,
    display_name,
    country_code,
    category,
    tier,
    cluster_key,
    cluster_name,
    followers_count,
    er_followers,
    posts_per_week,
    sponsored_ratio,
    coalesce(score, 0.0) as score,
    {%- for part in parts %}
    {{ part }}_part,
    {%- endfor %}
    nullif(concat_ws(
        ';'
        {%- for part in parts -%}
        ,
        case when {{ part }}_part >= {{ var('brief_part_high') }} then '{{ part }}' end
        {%- endfor %}
    ), '') as reasons_for,
    nullif(concat_ws(
        ';'
        {%- for part in parts -%}
        ,
        case when {{ part }}_part <= {{ var('brief_part_low') }} then '{{ part }}' end
        {%- if part not in ['keywords', 'similarity'] -%}
        ,
        case when {{ part }}_part is null then '{{ part }}_unknown' end
        {%- endif -%}
        {%- endfor -%}
        ,
        case when confidence < {{ var('borderline_confidence') }} then 'borderline' end
    ), '') as reasons_against,
    cost,
    sum(cost) over (partition by brief_id order by rank asc rows between unbounded preceding and current row) as cumulative_cost,
    currency,
    coalesce(sum(cost) over (partition by brief_id order by rank asc rows between unbounded preceding and current row) <= budget, false) as is_within_budget
from ranked
