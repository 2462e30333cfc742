-- Grain: one row per feature: what it means, how distances see it, and how far it has drifted.
{%- set texts = ['formula_en', 'formula_fr', 'window_en', 'window_fr', 'unknown_en', 'unknown_fr'] %}

with catalogue as (

    select * from {{ ref('feature_catalogue') }}

),

definitions as (

    select
        feature,
        {%- for text in texts %}
        {{ text }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('feature_definitions') }}
    {#- Of an own feature no more is known than where it stands. #}
    {%- for feature in own_features() %}
    union all
    select
        '{{ feature.name }}' as feature,
        'As the list states it, in its column “{{ sql_text(feature.column) }}”.' as formula_en,
        'Comme la liste l’indique, dans sa colonne « {{ sql_text(feature.column) }} ».' as formula_fr,
        'Last observation' as window_en,
        'Dernière observation' as window_fr,
        'No source states it, or it cannot be read.' as unknown_en,
        'Aucune source ne l’indique, ou elle est illisible.' as unknown_fr
    {%- endfor %}

),

missing_values as (

    select * from {{ ref('rpt_missing_values') }}

),

drift as (

    select * from {{ ref('feature_drift') }}

),

platforms as (

    select
        feature,
        count(*) as platforms,
        count(*) filter (where is_compared) as compared_platforms
    from missing_values
    group by feature

)

select
    catalogue.feature,
    cast(catalogue.feature_order as bigint) as feature_order,
    catalogue.label_en as feature_label_en,
    catalogue.label_fr as feature_label_fr,
    catalogue.block,
    catalogue.unit,
    catalogue.transform,
    catalogue.block_weight,
    -- the words stand once, with gaps for the settings that they speak of
    {%- for text in texts %}
    replace(
        replace(
            replace(definitions.{{ text }}, '{post_window_days}', '{{ var("post_window_days") }}'),
            '{min_posts_for_rhythm}', '{{ var("min_posts_for_rhythm") }}'
        ),
        '{min_posts_for_paid_performance}', '{{ var("min_posts_for_paid_performance") }}'
    ) as {{ text }},
    {%- endfor %}
    coalesce(platforms.platforms, 0) as platforms,
    coalesce(platforms.compared_platforms, 0) as compared_platforms,
    drift.population_stability_index,
    drift.drift_reading
from catalogue
inner join definitions
    on catalogue.feature = definitions.feature
left join platforms
    on catalogue.feature = platforms.feature
left join drift
    on catalogue.feature = drift.feature
