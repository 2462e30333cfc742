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
        {%- set imports = landing_folder() ~ "/imports/*.parquet" -%}
        {%- set landed = run_query("select coalesce(sum(rows_landed), 0) from " ~ parquet_rows(imports)).columns[0].values()[0] if holds_files(imports) else 0 -%}
        {{ 'landing' if landed > 0 else 'sample' }}
    {%- endif -%}
{%- endmacro %}


{# The rows of one landing table. `source()` gives the lineage, and in a unit test its rows; the folder is decided when the query runs. #}
{% macro landing_table(table) -%}
    {%- set declared = source('landing', table) -%}
    {%- if declared.is_cte -%}
    {{ declared }}
    {%- else -%}
    {%- set folder = landing_folder() if source_kind() == 'landing' else 'seeds/sample' -%}
    {{ parquet_rows(folder ~ "/" ~ table ~ "/*.parquet") }}
    {%- endif -%}
{%- endmacro %}


{# Says where the rows come from, and stops before a folder that is not a landing folder is read as one, or passed over as empty. #}
{% macro tribu_announce_source() %}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- do check_vars() -%}
        {%- set folder = landing_folder() -%}
        {%- if var('source') != 'sample' -%}
            {%- do check_landing_folder(folder) -%}
        {%- endif -%}
        {%- if source_kind() == 'sample' -%}
            {%- set reason = "var source is `sample`" if var('source') == 'sample' else "nothing is landed" -%}
            {%- do log("Tribu: " ~ reason ~ "; this build uses the SYNTHETIC SAMPLE (its influencers do not exist). "
                ~ "Run `tribu import FILE` to use your own.", info=true) -%}
        {%- else -%}
            {%- set landed = run_query(
                "select count(distinct _batch_id), coalesce(sum(rows_landed), 0) from " ~ parquet_rows(folder ~ "/imports/*.parquet")) -%}
            {%- do log("Tribu: reading " ~ landed.columns[1].values()[0] ~ " landed rows of " ~ landed.columns[0].values()[0]
                ~ (" import in " if landed.columns[0].values()[0] == 1 else " imports in ") ~ folder ~ ".", info=true) -%}
        {%- endif -%}
        {%- do warn_of_missing_columns() -%}
    {%- endif -%}
    select 1
{% endmacro %}


{% macro check_landing_folder(folder) -%}
    {%- set has_files = holds_files(folder) -%}
    {%- if not has_files and var('source') == 'landing' -%}
        {{ exceptions.raise_compiler_error(
            "expected landed rows, for var source is landing; got nothing in " ~ folder
            ~ "; remedy: run `tribu import FILE`, or leave var source at auto") }}
    {%- elif has_files -%}
        {%- set found = formats_stated(folder ~ "/tribu-landing.json*") -%}
        {%- if found != ['1'] -%}
            {{ exceptions.raise_compiler_error(
                "expected a landing folder of format 1 (its tribu-landing.json says so); got " ~ folder ~ " with "
                ~ ("format " ~ found[0] if found else "other files and no tribu-landing.json")
                ~ "; remedy: point TRIBU_LANDING to a folder that `tribu import` made, or to a new one") }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{# The rows of a landing table that only `tribu collect` writes: none where it never ran. `columns` maps each to its type. #}
{% macro optional_landing_table(table, columns) -%}
    {%- set declared = source('landing', table) -%}
    {%- set files = landing_folder() ~ "/" ~ table ~ "/*.parquet" -%}
    {%- if declared.is_cte -%}
    {{ declared }}
    {%- elif execute and source_kind() == 'landing' and holds_files(files) -%}
    {{ parquet_rows(files) }}
    {%- else -%}
    (select {% for name, type in columns.items() %}cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %} limit 0)
    {%- endif -%}
{%- endmacro %}
