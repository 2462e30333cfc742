-- Grain: one row per run and influencer: the cluster it was in. Grows by a run; the oldest runs of a kind of source leave.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert' if target.type == 'duckdb' else 'insert_overwrite',
    partition_by=none if target.type == 'duckdb' else 'cluster_run_id',
    unique_key='cluster_run_id',
    on_schema_change='append_new_columns',
    full_refresh=false,
    post_hook=[
        "{{ runs_forgotten(this) }}"
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
