{# Files of landing, which both engines read where they lie. Each macro of this folder says one thing in the words of each engine, with the same answer
   (tests/pipeline/test_engine_macros.py asks both); nothing else of the project may tell engines apart (test_engine_neutral.py). #}


{# The rows of every Parquet file that a pattern names. #}
{% macro parquet_rows(pattern) -%}
    {{ adapter.dispatch('parquet_rows', 'tribu')(pattern) }}
{%- endmacro %}

{# A folder called `key=value` above landing would become a column. #}
{% macro duckdb__parquet_rows(pattern) -%}
    read_parquet('{{ sql_text(pattern) }}', hive_partitioning = false)
{%- endmacro %}

{% macro spark__parquet_rows(pattern) -%}
    parquet.`{{ adapter.place_of(pattern) }}`
{%- endmacro %}


{# Whether there is a file at a pattern, or in a folder however deep; asked when a query runs. #}
{% macro holds_files(pattern) -%}
    {{ return(adapter.dispatch('holds_files', 'tribu')(pattern) if execute else false) }}
{%- endmacro %}

{% macro duckdb__holds_files(pattern) -%}
    {%- set deep = pattern if '*' in pattern else pattern ~ '/**' -%}
    {%- do return(run_query("select count(*) from glob('" ~ sql_text(deep) ~ "')").columns[0].values()[0] > 0) -%}
{%- endmacro %}

{% macro spark__holds_files(pattern) -%}
    {%- do return(adapter.has_files(pattern)) -%}
{%- endmacro %}


{# What the JSON files of a pattern state as their `format`, as a list of texts; empty without a file. #}
{% macro formats_stated(pattern) -%}
    {{ return(adapter.dispatch('formats_stated', 'tribu')(pattern) if execute else []) }}
{%- endmacro %}

{% macro duckdb__formats_stated(pattern) -%}
    {%- do return(run_query(
        "select json_extract_string(content, '$.format') as found from read_text('" ~ sql_text(pattern) ~ "')").columns[0].values() | list) -%}
{%- endmacro %}

{% macro spark__formats_stated(pattern) -%}
    {%- if not adapter.has_files(pattern) -%}
        {%- do return([]) -%}
    {%- endif -%}
    {%- set found = run_query("select get_json_object(array_join(collect_list(value), ' '), '$.format') as found from text.`" ~ adapter.place_of(pattern) ~ "`") -%}
    {#- one value, which agate reads as a number -#}
    {%- do return(found.columns[0].values() | map('string') | list) -%}
{%- endmacro %}
