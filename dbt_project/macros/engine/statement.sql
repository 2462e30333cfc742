{# Statements: their columns, their end, and the runs that they take out of a table. Each macro of this folder says one thing in the words of each engine, with the same answer
   (tests/pipeline/test_engine_macros.py asks both); nothing else of the project may tell engines apart (test_engine_neutral.py). #}


{# `*` without some columns; `of` is the table they come from. #}
{% macro all_but(columns, of=none) -%}
    {{ of ~ '.' if of }}* {{ adapter.dispatch('except_word', 'tribu')() }} ({{ columns | join(', ') }})
{%- endmacro %}

{% macro duckdb__except_word() -%} exclude {%- endmacro %}
{% macro spark__except_word() -%} except {%- endmacro %}


{# Stops the query with a message. #}
{% macro stop_with(message) -%}
    {{ adapter.dispatch('stop_with', 'tribu')(message) }}
{%- endmacro %}

{% macro duckdb__stop_with(message) -%}
    error({{ message }})
{%- endmacro %}

{% macro spark__stop_with(message) -%}
    raise_error({{ message }})
{%- endmacro %}


{# The runs of each kind of source that are older than the last ones (var `membership_runs_kept`). #}
{% macro runs_to_forget(table) -%}
    select cluster_run_id
    from (
        select
            cluster_run_id,
            row_number() over (partition by source_kind order by max(built_at) desc, cluster_run_id desc) as age
        from {{ table }}
        group by
            source_kind,
            cluster_run_id
    ) as runs
    where age > {{ var('membership_runs_kept') }}
{%- endmacro %}


{# Statement that takes these runs out of a table of runs. Parquet knows no `delete`: on Spark a run is a partition, which is dropped. #}
{% macro runs_forgotten(table) -%}
    {{ adapter.dispatch('runs_forgotten', 'tribu')(table) }}
{%- endmacro %}

{% macro duckdb__runs_forgotten(table) -%}
    delete from {{ table }} where cluster_run_id in ({{ runs_to_forget(table) }})
{%- endmacro %}

{% macro spark__runs_forgotten(table) -%}
    {%- set forgotten = run_query(runs_to_forget(table)).columns[0].values() | list if execute else [] -%}
    {%- if forgotten -%}
        alter table {{ table }} drop {% for run in forgotten %}partition (cluster_run_id = '{{ run }}'){{ ', ' if not loop.last }}{% endfor %}
    {%- endif -%}
{%- endmacro %}
