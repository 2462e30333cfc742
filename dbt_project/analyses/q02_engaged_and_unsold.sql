-- Question: Which clusters are engaged and still unsold, and which are close to it?
-- Read: `met` first. Of the others, the shortfall says what is missing; a cluster of which too little is known has no verdict.
-- On the sample: 7 rows; first cluster_key = c02, verdict = met, engagement_robust_z = 0.68, sponsored_pct = 3
with opportunities as (

    select * from {{ ref('opportunities') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

)

select
    clusters.cluster_key,
    clusters.cluster_name_en,
    opportunities.verdict,
    clusters.influencers_count,
    round(opportunities.measured_1, 2) as engagement_robust_z,
    round(100 * opportunities.measured_2, 1) as sponsored_pct,
    -- 0 where the condition is met, so that whoever misses by a little comes before whoever misses by much
    case
        when opportunities.measured_1 is not null then round(greatest(opportunities.threshold_1 - opportunities.measured_1, 0), 2)
    end as engagement_missing,
    case
        when opportunities.measured_2 is not null then round(100 * greatest(opportunities.measured_2 - opportunities.threshold_2, 0), 1)
    end as sponsored_excess_pct,
    round(100 * opportunities.known_share_ratio) as known_pct
from opportunities
inner join clusters
    on opportunities.cluster_key = clusters.cluster_key
where opportunities.rule_name = 'unsold_attention'
order by
    case opportunities.verdict when 'met' then 1 when 'not_met' then 2 else 3 end asc,
    engagement_missing asc,
    sponsored_excess_pct asc,
    clusters.cluster_order asc
