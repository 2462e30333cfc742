-- Grain: one row per influencer of the download, the accounts with most followers.
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

ranked as (

    select
        *,
        row_number() over (order by followers_count desc nulls last, influencer_key asc) as rank
    from influencers

)

select
    ranked.influencer_key,
    ranked.rank,
    ranked.platform,
    ranked.handle,
    ranked.display_name,
    ranked.profile_url,
    ranked.country_code as country,
    ranked.category,
    ranked.tier,
    ranked.cluster_key,
    clusters.cluster_name_en,
    clusters.cluster_name_fr,
    ranked.confidence,
    ranked.runner_up_cluster_key,
    ranked.followers_count,
    ranked.er_followers,
    ranked.er_views,
    ranked.posts_per_week,
    ranked.days_since_last_post,
    ranked.sponsored_ratio,
    ranked.growth_30d_ratio,
    ranked.followers_change_count,
    ranked.followers_change_since,
    cast(ranked.observed_at as date) as observed_on
from ranked
inner join clusters
    on ranked.cluster_key = clusters.cluster_key
where ranked.rank <= {{ var('influencer_download_rows') }}
