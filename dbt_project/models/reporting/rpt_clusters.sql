-- Grain: one row per cluster.
with clusters as (

    select * from {{ ref('dim_clusters') }}
    where influencers_count > 0

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

composition as (

    select
        *,
        -- of equally frequent values the first in the alphabet
        row_number() over (
            partition by cluster_key, dimension
            order by influencers desc, value asc
        ) as place
    from {{ ref('rpt_cluster_composition') }}

),

main_values as (

    select
        cluster_key,
        max(value) filter (where dimension = 'platform') as main_platform,
        max(share_ratio) filter (where dimension = 'platform') as main_platform_share_ratio,
        max(value) filter (where dimension = 'tier') as main_tier,
        max(value) filter (where dimension = 'category') as main_category
    from composition
    where place = 1
    group by cluster_key

),

medians as (

    select
        cluster_key,
        median(followers_count) as followers_median,
        median(er_followers) as er_followers_median,
        median(posts_per_week) as posts_per_week_median
    from influencers
    group by cluster_key

)

select
    clusters.cluster_key,
    clusters.cluster_name_en,
    clusters.cluster_name_fr,
    clusters.cluster_order,
    clusters.influencers_count as influencers,
    clusters.share_ratio,
    clusters.rule_sql,
    clusters.rule_influencers_count as rule_influencers,
    clusters.rule_members_count as rule_members,
    clusters.rule_precision_ratio,
    clusters.rule_recall_ratio,
    clusters.nearest_cluster_key,
    clusters.nearest_cluster_share_ratio,
    main_values.main_platform,
    main_values.main_platform_share_ratio,
    coalesce(main_values.main_tier, 'unknown') as main_tier,
    coalesce(main_values.main_category, 'unknown') as main_category,
    medians.followers_median,
    medians.er_followers_median,
    medians.posts_per_week_median,
    clusters.confidence_median,
    clusters.borderline_share_ratio,
    clusters.is_noise,
    clusters.stability,
    clusters.stability_reading
from clusters
inner join main_values
    on clusters.cluster_key = main_values.cluster_key
inner join medians
    on clusters.cluster_key = medians.cluster_key
