-- Grain: one row per cluster, those that only earlier models had among them: who belonged to one should still read its name.
with names as (

    select * from {{ ref('ml_cluster_names') }}

),

assignments as (

    select * from {{ ref('ml_assignments') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

),

clusters as (

    select * from {{ ref('ml_clusters') }}

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
    runs.model_id,
    -- those with members by size, then noise, which is no segment, then the retired
    row_number() over (
        order by
            coalesce(clusters.status, 'active') = 'retired' asc,
            names.cluster_key = 'noise' asc,
            sizes.influencers_count desc nulls last,
            names.cluster_key asc
    ) as cluster_order,
    coalesce(clusters.status, 'active') as status,
    cast(coalesce(clusters.first_seen_at, runs.accepted_at) as timestamp) as first_seen_at,
    cast(coalesce(clusters.last_seen_at, cast(runs.built_at as string)) as timestamp) as last_seen_at,
    coalesce(sizes.influencers_count, 0) as influencers_count,
    coalesce(sizes.influencers_count / total.influencers_count, 0.0) as share_ratio,
    rules.rule_sql,
    rule_figures.rule_influencers_count,
    rule_figures.rule_members_count,
    rule_figures.rule_precision_ratio,
    rule_figures.rule_recall_ratio,
    nearest.nearest_cluster_key,
    nearest.runner_up_share_ratio as nearest_cluster_share_ratio,
    sizes.confidence_median,
    coalesce(sizes.borderline_influencers_count / sizes.influencers_count, 0.0) as borderline_share_ratio,
    names.cluster_key = 'noise' as is_noise,
    clusters.stability,
    {{ stability_reading('clusters.stability') }} as stability_reading
from names
left join clusters
    on names.cluster_key = clusters.cluster_key
left join sizes
    on names.cluster_key = sizes.cluster_key
left join rules
    on names.cluster_key = rules.cluster_key
left join rule_figures
    on names.cluster_key = rule_figures.cluster_key
left join nearest
    on names.cluster_key = nearest.cluster_key
cross join total
cross join runs
