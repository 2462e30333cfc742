-- A file holds the members of its cluster down to var `cluster_download_rows`, whatever the size of the data: no more, and no fewer.
with files as (

    select
        cluster_key,
        count(*) as rows_count
    from {{ ref('rpt_cluster_downloads') }}
    group by cluster_key

)

select clusters.cluster_key
from {{ ref('rpt_clusters') }} as clusters
full outer join files
    on clusters.cluster_key = files.cluster_key
where files.rows_count is distinct from least(clusters.influencers, {{ var('cluster_download_rows') }})
