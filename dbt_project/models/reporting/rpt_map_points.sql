-- Grain: one row per influencer on the map: a bounded draw in which every cluster has its share.
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by cluster_key
            order by md5(influencer_key || 'map') asc, influencer_key asc
        ) / count(*) over (partition by cluster_key) as share_of_cluster
    from influencers

),

drawn as (

    select * from ranked
    order by
        share_of_cluster asc,
        cluster_key asc
    limit {{ var('map_points') }}

)

select
    influencer_key,
    platform,
    handle,
    display_name,
    tier,
    followers_count,
    cluster_key,
    confidence,
    pca_1 as x,
    pca_2 as y
from drawn
