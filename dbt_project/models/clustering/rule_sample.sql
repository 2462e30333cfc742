-- Grain: one row per influencer of the sample, in human units: what the rules of the clusters are read off.
with sampled as (

    select * from {{ ref('ml_sample') }}

),

influencers as (

    select * from {{ ref('ftr_influencers') }}

),

assignments as (

    select * from {{ ref('ml_assignments') }}

)

select
    sampled.influencer_key,
    assignments.cluster_key,
    influencers.platform,
    {%- for feature in feature_names() %}
    influencers.{{ feature }}{{ ',' if not loop.last }}
    {%- endfor %}
from sampled
inner join influencers
    on sampled.influencer_key = influencers.influencer_key
inner join assignments
    on sampled.influencer_key = assignments.influencer_key
-- to be outside every cluster is no segment, and needs no rule
where assignments.cluster_key != 'noise'
