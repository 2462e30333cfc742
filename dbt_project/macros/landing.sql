{# Folder of landed files, as the library sees it (`tribu.project`). #}
{% macro landing_folder() -%}
    {{ env_var('TRIBU_LANDING', 'data/landing') }}
{%- endmacro %}


{# `landing` or `sample`: where this build takes its rows from. Asked anew in every run, because what is landed changes
   between two runs of a project that dbt has parsed once. #}
{% macro source_kind() -%}
    {%- set wish = var('source') -%}
    {%- if wish not in ['auto', 'landing', 'sample'] -%}
        {{ exceptions.raise_compiler_error(
            "expected var 'source' to be auto, landing or sample; got " ~ wish ~ "; remedy: dbt build --vars 'source: auto'") }}
    {%- endif -%}
    {%- if wish != 'auto' or not execute -%}
        {{ 'landing' if wish == 'landing' else 'sample' }}
    {%- else -%}
        {#- A folder without imports has no file to count rows in: the glob is asked first. -#}
        {%- set imports = sql_text(landing_folder()) ~ "/imports/*.parquet" -%}
        {%- set found = run_query("select count(*) from glob('" ~ imports ~ "')").columns[0].values()[0] -%}
        {%- set landed = run_query("select coalesce(sum(rows_landed), 0) from read_parquet('" ~ imports ~ "')").columns[0].values()[0] if found else 0 -%}
        {{ 'landing' if landed > 0 else 'sample' }}
    {%- endif -%}
{%- endmacro %}


{# The rows of one landing table. `source()` is called for the lineage; the folder is decided when the query runs. #}
{% macro landing_table(table) -%}
    {%- set declared = source('landing', table) -%}
    {%- set folder = landing_folder() if source_kind() == 'landing' else 'seeds/sample' -%}
    read_parquet('{{ sql_text(folder) }}/{{ table }}/*.parquet', union_by_name = false)
{%- endmacro %}


{% macro sql_text(value) -%}
    {{ value | replace("'", "''") }}
{%- endmacro %}


{# Says where the rows come from, and stops before a folder that is not a landing folder is read as one. #}
{% macro tribu_announce_source() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set folder = landing_folder() -%}
        {%- if source_kind() == 'sample' -%}
            {%- do log("Tribu: nothing is landed; this build uses the SYNTHETIC SAMPLE (its influencers do not exist). "
                ~ "Run `tribu import FILE` to use your own.", info=true) if var('source') == 'auto' else
                log("Tribu: var source is `sample`; this build uses the SYNTHETIC SAMPLE (its influencers do not exist).", info=true) -%}
        {%- else -%}
            {%- set marker = run_query(
                "select json_extract_string(content, '$.format') as found from read_text('" ~ sql_text(folder) ~ "/tribu-landing.json*')") -%}
            {%- set found = marker.columns[0].values() | list -%}
            {%- if found != ['1'] -%}
                {{ exceptions.raise_compiler_error(
                    "expected a landing folder of format 1 (its tribu-landing.json says so); got " ~ folder ~ " with "
                    ~ ("format " ~ found[0] if found else "no tribu-landing.json")
                    ~ "; remedy: point TRIBU_LANDING to a folder that `tribu import` made, or import into a new one") }}
            {%- endif -%}
            {%- set landed = run_query(
                "select count(distinct _batch_id), coalesce(sum(rows_landed), 0) from read_parquet('" ~ sql_text(folder) ~ "/imports/*.parquet')") -%}
            {%- do log("Tribu: reading " ~ landed.columns[1].values()[0] ~ " landed rows of " ~ landed.columns[0].values()[0]
                ~ " imports in " ~ folder ~ ".", info=true) -%}
        {%- endif -%}
    {%- endif -%}
    select 1
{% endmacro %}


{# Where the site is, at the end of a build that made it. #}
{% macro tribu_announce_site(results) %}
    {%- if execute -%}
        {%- for result in results if result.node.name == 'report_site' and result.status == 'success' -%}
            {%- do log("Tribu: the site is at " ~ env_var('TRIBU_SITE', 'reports/site') ~ "/index.html", info=true) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
