-- Grain: one row per influencer with a page and rank: who is most like it, and in what.
with pages as (

    select influencer_key from {{ ref('rpt_influencer_pages') }}

),

lookalikes as (

    select * from {{ ref('influencer_lookalikes') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

)

select
    lookalikes.influencer_key,
    lookalikes.rank,
    lookalikes.lookalike_key,
    influencers.platform,
    influencers.handle,
    influencers.display_name,
    influencers.profile_url,
    influencers.tier,
    influencers.cluster_key,
    influencers.followers_count,
    influencers.er_followers,
    lookalikes.alike_1_feature,
    lookalikes.alike_2_feature,
    lookalikes.alike_3_feature,
    lookalikes.apart_feature,
    lookalikes.distance,
    lookalikes.shared_features_count as shared_features
from pages
inner join lookalikes
    on pages.influencer_key = lookalikes.influencer_key
inner join influencers
    on lookalikes.lookalike_key = influencers.influencer_key
