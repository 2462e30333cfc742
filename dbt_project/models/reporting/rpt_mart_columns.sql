-- Grain: one row per column of a mart, described as in the YAML beside its model, with the grain that the model states.
{%- set marts = (graph.nodes.values() if execute else []) | selectattr('resource_type', 'equalto', 'model') | selectattr('config.schema', 'equalto', 'marts') | sort(attribute='name') %}

with columns_described as (

    select
        cast(null as string) as table_name,
        cast(null as string) as grain,
        cast(null as bigint) as column_position,
        cast(null as string) as column_name,
        cast(null as string) as data_type,
        cast(null as string) as description
    where false
    {%- for node in marts %}
    {%- for column in node.columns.values() %}
    union all
    select
        '{{ node.name }}',
        '{{ sql_text(node.raw_code.splitlines()[0] | replace("-- Grain: ", "")) }}',
        {{ loop.index }},
        '{{ column.name }}',
        '{{ column.data_type }}',
        '{{ sql_text(column.description) }}'
    {%- endfor %}
    {%- endfor %}

)

select * from columns_described
