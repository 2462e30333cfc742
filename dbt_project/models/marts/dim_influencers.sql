-- Grain: one row per influencer.
{#- Own features are columns here too, so that a rule can be run over it. A contract cannot name columns that settings decide, and one
    that leaves them out forbids them. On Spark no table has one (dbt_project.yml). #}
{{ config(contract={"enforced": own_features() | length == 0 and target.type == 'duckdb'}) }}
{%- set compared_metrics = ['followers_count', 'er_followers', 'posts_per_week'] %}
with accounts as (

    select * from {{ ref('int_accounts') }}

),

features as (

    select * from {{ ref('ftr_influencers') }}

),

growth as (

    select * from {{ ref('int_follower_growth') }}

),

scaled as (

    select
        influencer_key,
        imputed_features_count
    from {{ ref('ftr_scaled') }}

),

posting as (

    select * from {{ ref('int_posting') }}

),

assignments as (

    select * from {{ ref('ml_assignments') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

positions as (

    select * from {{ ref('ml_positions') }}

),

tiers as (

    select * from {{ ref('tiers') }}

),

-- the figures that people ask about first; every other one is in influencer_percentiles
percentiles as (

    select
        influencer_key,
        {%- for metric in compared_metrics %}
        max(percentile) filter (where metric = '{{ metric }}') as {{ metric }}_percentile,
        max(cohort_influencers_count) filter (where metric = '{{ metric }}') as {{ metric }}_cohort_influencers_count,
        max(cohort_step) filter (where metric = '{{ metric }}') as {{ metric }}_cohort_step{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('influencer_percentiles') }}
    where metric in ({% for metric in compared_metrics %}'{{ metric }}'{{ ', ' if not loop.last }}{% endfor %})
    group by influencer_key

)

select
    accounts.influencer_key,
    accounts.platform,
    accounts.account_id,
    accounts.handle,
    accounts.display_name,
    accounts.bio,
    accounts.profile_url,
    accounts.country_code,
    accounts.audience_country_code,
    accounts.language,
    accounts.category,
    tiers.tier,
    accounts.is_verified,
    accounts.is_business,
    accounts.account_created_on,
    assignments.cluster_key,
    clusters.cluster_name_en as cluster_name,
    assignments.runner_up_cluster_key,
    features.engagement_basis,
    accounts.account_observed_at as observed_at,
    posting.last_posted_at,
    accounts.followers_count,
    accounts.following_count,
    features.posts_count,
    accounts.total_views_count,
    accounts.total_likes_count,
    coalesce(posting.known_posts_count, 0) as known_posts_count,
    coalesce(posting.window_posts_count, 0) as window_posts_count,
    features.er_followers,
    features.er_likes_followers,
    features.er_views,
    features.er_reported,
    features.view_follower_ratio,
    features.comment_like_ratio,
    features.engagement_iqr,
    features.viral_post_ratio,
    features.posts_per_week,
    features.active_week_ratio,
    features.days_since_last_post,
    features.sponsored_ratio,
    features.paid_performance_ratio,
    features.growth_30d_ratio,
    features.growth_90d_ratio,
    growth.followers_change_count,
    growth.followers_change_since,
    {%- for feature in own_features() %}
    features.{{ feature.name }},
    {%- endfor %}
    scaled.imputed_features_count,
    assignments.confidence,
    {%- for metric in compared_metrics %}
    percentiles.{{ metric }}_percentile,
    percentiles.{{ metric }}_cohort_influencers_count,
    percentiles.{{ metric }}_cohort_step,
    {%- endfor %}
    positions.pca_1,
    positions.pca_2,
    positions.pca_3
from accounts
inner join features
    on accounts.influencer_key = features.influencer_key
inner join scaled
    on accounts.influencer_key = scaled.influencer_key
inner join assignments
    on accounts.influencer_key = assignments.influencer_key
inner join clusters
    on assignments.cluster_key = clusters.cluster_key
inner join positions
    on accounts.influencer_key = positions.influencer_key
left join percentiles
    on accounts.influencer_key = percentiles.influencer_key
left join growth
    on accounts.influencer_key = growth.influencer_key
left join posting
    on accounts.influencer_key = posting.influencer_key
left join tiers
    on accounts.followers_count >= tiers.followers_from
    and accounts.followers_count < coalesce(tiers.followers_below, cast('infinity' as double))
