-- Question: Which micro-influencers in France grew by 2 % or more last month while others in their cluster fell?
-- Read: Growth that the segment does not explain: at least one in six of theirs lost followers. Ask what they changed
--     before you put a price on it.
-- On the sample: 12 rows; first account = sample_0399_river, growth_30d_pct = 5.2, cluster_shrinking_pct = 22
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

-- everybody of the cluster speaks for it, from any country and of any size
clusters as (

    select
        cluster_key,
        median(growth_30d_ratio) as cluster_growth_30d_ratio,
        avg(case when growth_30d_ratio < 0 then 1 else 0 end) as shrinking_share_ratio
    from influencers
    where growth_30d_ratio is not null
    group by cluster_key

)

select
    coalesce(influencers.handle, influencers.account_id) as account,
    influencers.platform,
    influencers.cluster_key,
    influencers.followers_count,
    round(100 * influencers.growth_30d_ratio, 1) as growth_30d_pct,
    round(100 * clusters.cluster_growth_30d_ratio, 1) as cluster_growth_30d_pct,
    round(100 * clusters.shrinking_share_ratio) as cluster_shrinking_pct
from influencers
inner join clusters
    on influencers.cluster_key = clusters.cluster_key
where
    influencers.country_code = 'FR'
    and influencers.tier = 'micro'
    and influencers.growth_30d_ratio >= 0.02
    and clusters.shrinking_share_ratio >= 1 / 6e0
order by
    influencers.growth_30d_ratio desc,
    account asc
