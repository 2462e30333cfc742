-- Grain: one row per influencer on the map: every cluster in proportion and with a floor; the same rows in every run.
{#- Which columns there are depends on vars block_weights and content_topics; a comment on one that is not there is a warning. -#}
{{ config(persist_docs={"relation": true, "columns": false}) }}
with scaled as (

    select * from {{ ref('ftr_scaled') }}

),

assignments as (

    select * from {{ ref('ml_assignments') }}

),

positions as (

    select * from {{ ref('ml_positions') }}

),

ranked as (

    select
        influencer_key,
        cluster_key,
        -- By key alone: who is drawn today is drawn tomorrow, or pictures of two runs would have little in common.
        row_number() over (
            partition by cluster_key
            order by md5(influencer_key || 'map') asc, influencer_key asc
        ) as rank_in_cluster,
        count(*) over (partition by cluster_key) as cluster_size
    from assignments

),

drawn as (

    select influencer_key
    from ranked
    order by
        -- the floors first, and evenly should even they not find room; then the k-th of n stands for the share k / n
        rank_in_cluster > {{ var('map_points_per_cluster') }} asc,
        case when rank_in_cluster <= {{ var('map_points_per_cluster') }} then rank_in_cluster end asc,
        rank_in_cluster / cluster_size asc,
        cluster_key asc
    limit {{ var('map_points') }}

)

select
    drawn.influencer_key,
    positions.pca_1,
    positions.pca_2,
    positions.pca_3,
    {% for feature in distance_feature_names() -%}
    scaled.{{ feature }}{{ ',\n    ' if not loop.last }}
    {%- endfor %}
from drawn
inner join scaled
    on drawn.influencer_key = scaled.influencer_key
inner join positions
    on drawn.influencer_key = positions.influencer_key
