-- A cluster that cluster_name_overrides names twice would stand twice in every table. The rows found say which, and the names.
select
    cluster_key || ' is named ' || count(*) || ' times in seeds/reference/cluster_name_overrides.csv: '
    || {{ text_in_order("coalesce(cluster_name_en, cluster_name_fr, '')", ', ', ['cluster_name_en']) }} || '; keep one row' as problem
from {{ ref('cluster_name_overrides') }}
group by cluster_key
having count(*) > 1
