-- Question: What do the members of each cluster write about more than everybody else does?
-- Read: A lift of 2 is twice as often as overall. Only words that the table calls distinctive name a niche; the rest is small talk.
-- On the sample: 6 rows; first cluster_key = c07, term = #photography, share_pct = 7, lift_ratio = 2.2, is_distinctive = false
with terms as (

    select * from {{ ref('cluster_terms') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

by_lift as (

    select
        *,
        row_number() over (partition by cluster_key order by lift_ratio desc, rank asc) as place
    from terms

)

select
    clusters.cluster_key,
    clusters.cluster_name_en,
    by_lift.term,
    by_lift.influencers_count,
    round(100 * by_lift.share_ratio) as share_pct,
    round(100 * by_lift.overall_share_ratio) as overall_share_pct,
    round(by_lift.lift_ratio, 2) as lift_ratio,
    by_lift.is_distinctive
from by_lift
inner join clusters
    on by_lift.cluster_key = clusters.cluster_key
where by_lift.place = 1
order by
    by_lift.lift_ratio desc,
    clusters.cluster_key asc
