-- Question: On which clusters can we build a plan, and how many of their members really belong?
-- Read: Stable means that the cluster comes back in other halves of the data (0.75 and up). Plan with the clear members, test the rest.
-- On the sample: 7 rows; first cluster_key = c06, stability = 0.97, clear_members_count = 94
with clusters as (

    select * from {{ ref('dim_clusters') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

members as (

    select
        cluster_key,
        -- at 0.2 the next cluster is a quarter farther away than the own one
        sum(case when confidence >= 0.2 then 1 else 0 end) as clear_members_count,
        count(distinct platform) as platforms_count
    from influencers
    group by cluster_key

)

select
    clusters.cluster_key,
    clusters.cluster_name_en,
    round(clusters.stability, 2) as stability,
    clusters.stability_reading,
    clusters.influencers_count,
    members.clear_members_count,
    round(100 * members.clear_members_count / nullif(clusters.influencers_count, 0)) as clear_pct,
    members.platforms_count
from clusters
inner join members
    on clusters.cluster_key = members.cluster_key
where
    not clusters.is_noise
    and clusters.stability >= 0.75
order by
    clusters.stability desc,
    clusters.cluster_key asc
