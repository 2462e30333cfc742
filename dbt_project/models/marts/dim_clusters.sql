-- Grain: one row per cluster.
with names as (

    select * from {{ ref('ml_cluster_names') }}

),

assignments as (

    select * from {{ ref('ml_assignments') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

),

stability as (

    select
        {{ cluster_key('cluster_ordinal') }} as cluster_key,
        stability
    from {{ ref('ml_cluster_stability') }}

),

sizes as (

    select
        cluster_key,
        count(*) as influencers_count,
        median(confidence) as confidence_median,
        count(*) filter (where confidence < {{ var('borderline_confidence') }}) as borderline_influencers_count
    from assignments
    group by cluster_key

),

rules as (

    select * from {{ ref('ml_rules') }}

),

rule_figures as (

    select * from {{ ref('ml_rule_figures') }}

),

nearest as (

    select * from {{ ref('ml_nearest_clusters') }}

),

total as (

    select sum(influencers_count) as influencers_count
    from sizes

)

select
    names.cluster_key,
    names.cluster_name_en,
    names.cluster_name_fr,
    runs.cluster_run_id,
    row_number() over (order by names.cluster_key = 'noise' asc, sizes.influencers_count desc, names.cluster_key asc) as cluster_order,
    sizes.influencers_count,
    sizes.influencers_count / total.influencers_count as share_ratio,
    rules.rule_sql,
    rule_figures.rule_influencers_count,
    rule_figures.rule_members_count,
    rule_figures.rule_precision_ratio,
    rule_figures.rule_recall_ratio,
    nearest.nearest_cluster_key,
    nearest.runner_up_share_ratio as nearest_cluster_share_ratio,
    sizes.confidence_median,
    sizes.borderline_influencers_count / sizes.influencers_count as borderline_share_ratio,
    names.cluster_key = 'noise' as is_noise,
    stability.stability,
    {{ stability_reading('stability.stability') }} as stability_reading
from names
inner join sizes
    on names.cluster_key = sizes.cluster_key
left join rules
    on names.cluster_key = rules.cluster_key
left join rule_figures
    on names.cluster_key = rule_figures.cluster_key
left join nearest
    on names.cluster_key = nearest.cluster_key
left join stability
    on names.cluster_key = stability.cluster_key
cross join total
cross join runs
