{# What a build hands over when it ends: the site and a copy of the marts, of one build (docs/reliability.md). Spark has its tables where they are, and hands
   over the site alone. Each macro of this folder says one thing in the words of each engine; nothing else of the project may tell engines apart
   (test_engine_neutral.py). #}


{# Notes in the warehouse that its tables are about to change: until this run has ended well they are of two builds, and nobody publishes them. #}
{% macro tribu_begin_build() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry', 'snapshot', 'clone'] -%}
        {%- do adapter.dispatch('begin_build', 'tribu')() -%}
    {%- endif -%}
    select 1
{% endmacro %}

{% macro duckdb__begin_build() -%}
    {%- do run_query("select 1") -%}
    {%- do hand_over("begin", {"build_id": invocation_id, "reads_landing": var('source') != 'sample'}) -%}
{%- endmacro %}

{% macro spark__begin_build() -%} {%- endmacro %}


{# Ends the run. It ended well if nothing failed or was skipped; it is whole if it made every model, or began with a warehouse that was whole. #}
{% macro tribu_end_build(results) %}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry', 'snapshot', 'clone'] -%}
        {%- set failed, made = {}, [] -%}
        {%- for result in results -%}
            {%- if result.status in ['error', 'fail', 'runtime error', 'skipped', 'partial success'] -%}
                {%- do failed.update({result.node.name: result.message or ""}) -%}
            {%- elif result.status == 'success' -%}
                {%- do made.append(result.node.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set left_out = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | map(attribute='unique_id') | reject('in', made) | list -%}
        {%- set has_site = 'model.tribu.report_site' in made -%}
        {%- do adapter.dispatch('end_build', 'tribu')(failed, left_out, has_site) -%}
    {%- endif -%}
    select 1
{% endmacro %}

{% macro duckdb__end_build(failed, left_out, has_site) -%}
    {%- do run_query("select 1") -%}
    {%- do hand_over("end", {
        "build_id": invocation_id,
        "failed": failed,
        "is_complete": left_out | length == 0 and not flags.EMPTY,
        "has_site": has_site,
    }) -%}
{%- endmacro %}

{% macro spark__end_build(failed, left_out, has_site) -%}
    {%- if has_site -%}
        {%- do log("Tribu: the site is at " ~ env_var('TRIBU_SITE', 'reports/site') ~ "/index.html; marts are read where Spark keeps them, and not published.", info=true) -%}
    {%- endif -%}
{%- endmacro %}


{# Calls the plugin of the profile (tribu.warehouse_plugin): the one door of dbt-duckdb from a macro to Python. #}
{% macro hand_over(step, told) -%}
    {%- do adapter.store_relation("tribu", api.Relation.create(schema="marts", identifier="current_build"), [], step, "none", told) -%}
{%- endmacro %}
