-- Question: Give me a shortlist for a brief that is not ten of the same kind: at most two of each cluster.
-- Read: From the top; the place in the brief says what variety costs.
-- On the sample: 5 rows; first place_in_brief = 1, cluster_name = Nano · short archive · with long pauses, score = 0.7
with matches as (

    select * from {{ ref('brief_matches') }}
    where brief_id = 'skin_care_france'

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

within_cluster as (

    select
        *,
        row_number() over (partition by cluster_key order by rank asc) as place_in_cluster
    from matches

)

select
    within_cluster.rank as place_in_brief,
    within_cluster.handle,
    within_cluster.platform,
    clusters.cluster_name_en as cluster_name,
    round(within_cluster.score, 2) as score,
    within_cluster.reasons_for,
    within_cluster.reasons_against
from within_cluster
inner join clusters
    on within_cluster.cluster_key = clusters.cluster_key
where within_cluster.place_in_cluster <= 2
order by within_cluster.rank asc
