-- Grain: one row: what the figures of the site rest on.
with observations as (

    select
        count(*) as observations,
        count(*) filter (where is_observed_at_assumed) as observations_assumed_date
    from {{ ref('fct_account_observations') }}

),

posts as (

    select
        count(*) as posts,
        count(*) filter (where posted_at is null) as posts_without_date,
        count(*) filter (where is_sponsored is null) as posts_without_disclosure
    from {{ ref('fct_posts') }}

),

-- what the engagement of each influencer rests on
bases as (

    select
        count(*) as influencers,
        count(*) filter (where engagement_basis = 'posts') as influencers_measured,
        count(*) filter (where engagement_basis = 'account_averages') as influencers_stated,
        count(*) filter (where engagement_basis is null) as influencers_without_engagement
    from {{ ref('ftr_influencers') }}

),

imputed as (

    select
        count(*) filter (where imputed_features_count > 0) as influencers_imputed,
        count(*) filter (where imputed_features_count >= {{ imputable_features_count() }}) as influencers_all_imputed
    from {{ ref('ftr_scaled') }}

),

known as (

    select coalesce(sum(known_influencers) / nullif(sum(influencers), 0), 0) as known_share_ratio
    from {{ ref('rpt_missing_values') }}

)

select
    observations.observations,
    observations.observations_assumed_date,
    posts.posts,
    posts.posts_without_date,
    posts.posts_without_disclosure,
    bases.influencers,
    bases.influencers_measured,
    bases.influencers_stated,
    bases.influencers_without_engagement,
    imputed.influencers_imputed,
    imputed.influencers_all_imputed,
    cast(known.known_share_ratio as double) as known_share_ratio
from observations
cross join posts
cross join bases
cross join imputed
cross join known
