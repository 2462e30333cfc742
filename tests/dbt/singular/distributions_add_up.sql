-- The bins of a feature hold every member of whom it is known, and everybody: their shares make one.
select
    cluster_key,
    feature
from {{ ref('rpt_feature_distributions') }}
group by
    cluster_key,
    feature
having
    abs(sum(share_ratio) - 1) > 0.000001
    or abs(sum(overall_share_ratio) - 1) > 0.000001
    or count(*) > {{ var('distribution_bins') }}
