-- Grain: one row per column of a table that the site offers as a file, described as in the YAML beside its model.
{%- set described = [] %}
{%- for table_name in ['rpt_influencers', 'rpt_clusters', 'rpt_prototypes'] %}
{%- set node = (graph.nodes.values() if execute else []) | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', table_name) | first %}
{%- for column in node.columns.values() if node %}
{%- do described.append((table_name, loop.index, column)) %}
{%- endfor %}
{%- endfor %}

with columns_described as (

    select
        cast(null as string) as table_name,
        cast(null as bigint) as column_position,
        cast(null as string) as column_name,
        cast(null as string) as data_type,
        cast(null as string) as description
    where false
    {%- for table_name, position, column in described %}
    union all
    select
        '{{ table_name }}',
        {{ position }},
        '{{ column.name }}',
        '{{ column.data_type }}',
        '{{ sql_text(column.description) }}'
    {%- endfor %}

)

select * from columns_described
