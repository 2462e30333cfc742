-- Grain: one row per run and influencer: the cluster it was in. Grows by a run; the oldest runs of a kind of source leave.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='cluster_run_id',
    on_schema_change='append_new_columns',
    full_refresh=false,
    post_hook=[
        "delete from {{ this }} where cluster_run_id not in (select cluster_run_id from (select cluster_run_id, row_number() over (partition by source_kind order by max(built_at) desc, cluster_run_id desc) as age from {{ this }} group by source_kind, cluster_run_id) as runs where age <= {{ var('membership_runs_kept') }})"
    ]
) }}

with influencers as (

    select * from {{ ref('dim_influencers') }}

),

runs as (

    select * from {{ ref('ml_runs') }}

)

select
    runs.cluster_run_id,
    runs.source_kind,
    influencers.influencer_key,
    influencers.platform,
    runs.model_id,
    influencers.cluster_key,
    influencers.runner_up_cluster_key,
    influencers.confidence,
    runs.built_at
from influencers
cross join runs
