-- Question: Which clusters can I hand to a colleague as one condition, and how good is it?
-- Read: Precision: how many of those it picks belong. Recall: how many of the cluster it finds. `query` runs as it stands.
-- On the sample: 6 rows; first cluster_key = c06, precision_pct = 98, recall_pct = 92, picked_count = 96
with clusters as (

    select * from {{ ref('dim_clusters') }}

)

select
    cluster_key,
    cluster_name_en,
    round(100 * rule_precision_ratio) as precision_pct,
    round(100 * rule_recall_ratio) as recall_pct,
    rule_influencers_count as picked_count,
    'select handle, followers_count from marts.dim_influencers where ' || rule_sql as query
from clusters
where
    rule_precision_ratio >= 0.8
    and rule_recall_ratio >= 0.6
order by
    rule_precision_ratio desc,
    cluster_key asc
