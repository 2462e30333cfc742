-- A cluster that cluster_name_overrides names twice would stand twice in every table. The rows found say which, and the names.
select
    cluster_key || ' is named ' || count(*) || ' times in seeds/reference/cluster_name_overrides.csv: '
    || string_agg(coalesce(cluster_name_en, cluster_name_fr, ''), ', ' order by cluster_name_en asc) || '; keep one row' as problem
from {{ ref('cluster_name_overrides') }}
group by cluster_key
having count(*) > 1
