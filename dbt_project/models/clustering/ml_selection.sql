-- Grain: one row: the candidate that won, and why; no row where there was nothing to cluster.
with candidates as (

    select * from {{ ref('ml_candidates') }}

),

judged as (

    select
        *,
        smallest_share >= {{ var('min_cluster_share') }} as passes_floors,
        count(*) over () as candidates_count,
        count(*) filter (where smallest_share >= {{ var('min_cluster_share') }}) over () as passing_count
    from candidates

),

ranked as (

    select
        *,
        row_number() over (
            order by
                passes_floors desc,
                silhouette desc nulls last,
                -- of equals the simpler one
                k asc
        ) as place
    from judged

)

select
    candidate_id,
    algorithm,
    k,
    random_seed,
    fit_rows,
    features_count,
    inertia,
    silhouette,
    davies_bouldin,
    calinski_harabasz,
    smallest_share,
    candidates_count,
    passing_count,
    case
        when silhouette is null
            then 'Too few different influencers to compare numbers of clusters: everybody is one cluster.'
        when not passes_floors
            then 'No candidate kept every cluster at {{ (var('min_cluster_share') * 100) | round(1) }} % of the sample or more; of all '
                || candidates_count || ' tried, k = ' || k || ' has the highest silhouette ('
                || printf('%.3f', silhouette) || '). Read its small clusters as outliers.'
        else 'Of ' || candidates_count || ' candidates tried, ' || passing_count
            || ' kept every cluster at {{ (var('min_cluster_share') * 100) | round(1) }} % of the sample or more; among these k = ' || k
            || ' has the highest silhouette (' || printf('%.3f', silhouette) || ').'
    end as reason
from ranked
where place = 1
