-- Grain: one row per worked question of analyses/: what it asks, what to read from the answer, and its SQL as it runs by itself.
{%- set asked = [] %}
{%- set nodes = graph.nodes.values() if execute else [] %}
{%- for node in nodes | selectattr('resource_type', 'equalto', 'analysis') | sort(attribute='name') %}
{%- set said = {'Question': [], 'Read': []} %}
{%- set sql = [] %}
{%- set comment = namespace(part=none) %}
{%- for line in node.raw_code.splitlines() %}
{#- What is claimed of the sample is for the tests: elsewhere the answer is another one. -#}
{%- if not line.startswith('--') or sql %}
{%- do sql.append(line) %}
{%- elif line.startswith('--     ') %}
{%- do (said[comment.part].append(line[7:]) if comment.part in said) %}
{%- else %}
{%- set comment.part = line[3:].split(': ')[0] %}
{%- do (said[comment.part].append(line[5 + comment.part | length:]) if comment.part in said) %}
{%- endif %}
{%- endfor %}
{%- set text = namespace(sql=sql | join('\n')) %}
{%- for key in node.depends_on.nodes %}
{%- set parent = graph.nodes[key] %}
{%- set text.sql = text.sql | replace("{{ ref('" ~ parent.name ~ "') }}", parent.schema ~ '.' ~ parent.alias) %}
{%- endfor %}
{%- do asked.append((node, said['Question'] | join(' '), said['Read'] | join(' '), text.sql)) %}
{%- endfor %}

with questions as (

    select
        cast(null as string) as question_name,
        cast(null as bigint) as question_order,
        cast(null as string) as title_en,
        cast(null as string) as title_fr,
        cast(null as string) as question_en,
        cast(null as string) as question_fr,
        cast(null as string) as read_en,
        cast(null as string) as read_fr,
        cast(null as string) as question_sql
    where false
    {%- for node, question, read, sql in asked %}
    union all
    select
        '{{ node.name }}',
        {{ loop.index }},
        '{{ sql_text(node.description) }}',
        '{{ sql_text(node.config.meta.title_fr) }}',
        '{{ sql_text(question) }}',
        '{{ sql_text(node.config.meta.question_fr) }}',
        '{{ sql_text(read) }}',
        '{{ sql_text(node.config.meta.read_fr) }}',
        '{{ sql_text(sql) }}'
    {%- endfor %}

)

select * from questions
