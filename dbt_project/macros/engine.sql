{#
Where the engines differ, and nowhere else: each macro says one thing in the words of DuckDB and of Spark, with the same answer on
both (tests/dbt/singular/engines_agree.sql asks both). A model is written in what they share; only what they do not share comes from
here. tests/pipeline/test_engine_neutral.py holds models to it.
#}


{# `*` without some columns; `of` is the table they come from. #}
{% macro all_but(columns, of=none) -%}
    {{ of ~ '.' if of }}* {{ adapter.dispatch('except_word', 'tribu')() }} ({{ columns | join(', ') }})
{%- endmacro %}

{% macro duckdb__except_word() -%} exclude {%- endmacro %}
{% macro spark__except_word() -%} except {%- endmacro %}


{# What stands between the apostrophes of a text in SQL. #}
{% macro sql_text(value) -%}
    {{ adapter.dispatch('sql_text', 'tribu')(value) }}
{%- endmacro %}

{% macro duckdb__sql_text(value) -%}
    {{ value | replace("'", "''") }}
{%- endmacro %}

{# There a backslash makes something else of the sign after it. #}
{% macro spark__sql_text(value) -%}
    {{ value | replace("\\", "\\\\") | replace("'", "''") }}
{%- endmacro %}

{# A pattern that is SQL already, its apostrophes doubled. #}
{% macro spark__pattern(pattern) -%}
    {{ pattern | replace("\\", "\\\\") }}
{%- endmacro %}


{# Whether a pattern is found in a text. #}
{% macro text_matches(text, pattern) -%}
    {{ adapter.dispatch('text_matches', 'tribu')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__text_matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{# Java's `$` also stands before a last line feed. #}
{% macro spark__text_matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ spark__pattern(modules.re.sub("[$]$", "\\\\z", pattern)) }}')
{%- endmacro %}


{# Every match of a pattern replaced. `replacement` is an expression, in which `\1` stands for the first group. Spark's patterns have
   `$1` there; a replacement that is no plain text needs no dollar of its own. #}
{% macro text_replaced(text, pattern, replacement) -%}
    {{ adapter.dispatch('text_replaced', 'tribu')(text, pattern, replacement) }}
{%- endmacro %}

{% macro duckdb__text_replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', {{ replacement }}, 'g')
{%- endmacro %}

{% macro spark__text_replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ spark__pattern(pattern) }}', {{ modules.re.sub('\\\\([0-9])', '$\\1', replacement) }})
{%- endmacro %}


{# Every match of a pattern in a text, or of one of its groups, as a list. #}
{% macro text_found(text, pattern, group=0) -%}
    {{ adapter.dispatch('text_found', 'tribu')(text, pattern, group) }}
{%- endmacro %}

{% macro duckdb__text_found(text, pattern, group) -%}
    regexp_extract_all({{ text }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{% macro spark__text_found(text, pattern, group) -%}
    regexp_extract_all({{ text }}, '{{ spark__pattern(pattern) }}', {{ group }})
{%- endmacro %}


{# A text cut at every match of a pattern, as a list. #}
{% macro text_split(text, pattern) -%}
    {{ adapter.dispatch('text_split', 'tribu')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__text_split(text, pattern) -%}
    regexp_split_to_array({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__text_split(text, pattern) -%}
    split({{ text }}, '{{ spark__pattern(pattern) }}')
{%- endmacro %}


{# Text without accents. Spark has no function for it: letters of the Latin alphabets are looked up one by one, and marks that stand
   beside their letter are taken off. Other scripts keep theirs, of which no name in the reference seeds has any. #}
{% macro without_accents(text) -%}
    {{ adapter.dispatch('without_accents', 'tribu')(text) }}
{%- endmacro %}

{% macro duckdb__without_accents(text) -%}
    strip_accents({{ text }})
{%- endmacro %}

{% macro spark__without_accents(text) -%}
    regexp_replace(translate({{ text }}, '{{ accented_letters().accented }}', '{{ accented_letters().plain }}'), '[\\x{0300}-\\x{036F}]', '')
{%- endmacro %}


{# What a text says as a number, or null: decimals, exponents and infinity; no spelling of one engine alone (`12d`, `1_000`). #}
{% macro text_as_double(text) -%}
    {{ adapter.dispatch('text_as_double', 'tribu')(text) }}
{%- endmacro %}

{% macro duckdb__text_as_double(text) -%}
    try_cast({{ text }} as double)
{%- endmacro %}

{% macro spark__text_as_double(text) -%}
    case
        when regexp_like({{ text }}, '^[ \\t\\n\\x{000B}\\f\\r]*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?[ \\t\\n\\x{000B}\\f\\r]*$')
            then case when not isnan(try_cast({{ text }} as double)) and abs(try_cast({{ text }} as double)) < cast('infinity' as double)
                then try_cast({{ text }} as double) end
    end
{%- endmacro %}


{# What a text says as a moment in UTC, or null: ISO 8601, with or without time and offset. #}
{% macro text_as_timestamp(text) -%}
    {{ adapter.dispatch('text_as_timestamp', 'tribu')(text) }}
{%- endmacro %}

{% macro duckdb__text_as_timestamp(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{# Spark also takes `2026` for New Year and `10:30` for today. #}
{% macro spark__text_as_timestamp(text) -%}
    case
        when regexp_like({{ text }}, '^ *[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T]+[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]*)?)?( *(Z|UTC))?)? *$')
            then try_cast(replace({{ text }}, '/', '-') as timestamp)
    end
{%- endmacro %}


{# Whether a number is one: neither infinite nor "not a number". #}
{% macro is_finite(number) -%}
    {{ adapter.dispatch('is_finite', 'tribu')(number) }}
{%- endmacro %}

{% macro duckdb__is_finite(number) -%}
    isfinite({{ number }})
{%- endmacro %}

{% macro spark__is_finite(number) -%}
    (not isnan({{ number }}) and abs({{ number }}) < cast('infinity' as double))
{%- endmacro %}


{# Moment of a number of microseconds since 1970. #}
{% macro timestamp_of_micros(micros) -%}
    {{ adapter.dispatch('timestamp_of_micros', 'tribu')(micros) }}
{%- endmacro %}

{% macro duckdb__timestamp_of_micros(micros) -%}
    make_timestamp({{ micros }})
{%- endmacro %}

{% macro spark__timestamp_of_micros(micros) -%}
    timestamp_micros({{ micros }})
{%- endmacro %}


{# A moment so many minutes earlier. #}
{% macro minutes_before(moment, minutes) -%}
    {{ adapter.dispatch('minutes_before', 'tribu')(moment, minutes) }}
{%- endmacro %}

{% macro duckdb__minutes_before(moment, minutes) -%}
    {{ moment }} - to_minutes({{ minutes }})
{%- endmacro %}

{% macro spark__minutes_before(moment, minutes) -%}
    timestampadd(minute, -({{ minutes }}), {{ moment }})
{%- endmacro %}


{# Midnights between two moments. #}
{% macro days_between(earlier, later) -%}
    {{ adapter.dispatch('days_between', 'tribu')(earlier, later) }}
{%- endmacro %}

{% macro duckdb__days_between(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    cast(datediff({{ later }}, {{ earlier }}) as bigint)
{%- endmacro %}


{# A list of expressions of one type; without any, the empty list. #}
{% macro list_of(items) -%}
    {{ adapter.dispatch('list_of', 'tribu')(items) }}
{%- endmacro %}

{% macro duckdb__list_of(items) -%}
    [{{ items | join(', ') }}]
{%- endmacro %}

{% macro spark__list_of(items) -%}
    array({{ items | join(', ') }})
{%- endmacro %}


{# The item of a list at a place, counted from 1; null beyond its end. #}
{% macro list_item(list, place) -%}
    {{ adapter.dispatch('list_item', 'tribu')(list, place) }}
{%- endmacro %}

{% macro duckdb__list_item(list, place) -%}
    {{ list }}[{{ place }}]
{%- endmacro %}

{% macro spark__list_item(list, place) -%}
    try_element_at({{ list }}, {{ place }})
{%- endmacro %}


{% macro list_length(list) -%}
    {{ adapter.dispatch('list_length', 'tribu')(list) }}
{%- endmacro %}

{% macro duckdb__list_length(list) -%}
    len({{ list }})
{%- endmacro %}

{% macro spark__list_length(list) -%}
    array_size({{ list }})
{%- endmacro %}


{# Whether two lists have an item in common. #}
{% macro lists_meet(left, right) -%}
    {{ adapter.dispatch('lists_meet', 'tribu')(left, right) }}
{%- endmacro %}

{% macro duckdb__lists_meet(left, right) -%}
    list_has_any({{ left }}, {{ right }})
{%- endmacro %}

{% macro spark__lists_meet(left, right) -%}
    arrays_overlap({{ left }}, {{ right }})
{%- endmacro %}


{% macro list_joined(list, separator) -%}
    {{ adapter.dispatch('list_joined', 'tribu')(list, separator) }}
{%- endmacro %}

{% macro duckdb__list_joined(list, separator) -%}
    array_to_string({{ list }}, '{{ separator }}')
{%- endmacro %}

{% macro spark__list_joined(list, separator) -%}
    array_join({{ list }}, '{{ separator }}')
{%- endmacro %}


{# A list with an expression in the place of each item, which it calls by `name`. #}
{% macro list_mapped(list, name, expression) -%}
    {{ adapter.dispatch('list_mapped', 'tribu')(list, name, expression) }}
{%- endmacro %}

{% macro duckdb__list_mapped(list, name, expression) -%}
    list_transform({{ list }}, lambda {{ name }}: {{ expression }})
{%- endmacro %}

{% macro spark__list_mapped(list, name, expression) -%}
    transform({{ list }}, {{ name }} -> {{ expression }})
{%- endmacro %}


{# The items of a list that meet a condition. #}
{% macro list_where(list, name, condition) -%}
    {{ adapter.dispatch('list_where', 'tribu')(list, name, condition) }}
{%- endmacro %}

{% macro duckdb__list_where(list, name, condition) -%}
    list_filter({{ list }}, lambda {{ name }}: {{ condition }})
{%- endmacro %}

{% macro spark__list_where(list, name, condition) -%}
    filter({{ list }}, {{ name }} -> {{ condition }})
{%- endmacro %}


{# An expression that needs another one several times, computed once: a list of one item, and its only item. #}
{% macro with_value(value, name, expression) -%}
    {{ list_item(list_mapped(list_of([value]), name, expression), 1) }}
{%- endmacro %}


{# A constant looked up by a text; null where it is none of the keys. #}
{% macro looked_up(table, key) -%}
    {{ adapter.dispatch('looked_up', 'tribu')(table, key) }}
{%- endmacro %}

{% macro duckdb__looked_up(table, key) -%}
    map {
        {%- for name, value in table.items() %}'{{ name }}': {{ value }}{{ ', ' if not loop.last }}{% endfor -%}
    }[{{ key }}]
{%- endmacro %}

{% macro spark__looked_up(table, key) -%}
    map({% for name, value in table.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %})[{{ key }}]
{%- endmacro %}


{# The map of texts without any key. #}
{% macro empty_map() -%}
    {{ adapter.dispatch('empty_map', 'tribu')() }}
{%- endmacro %}

{% macro duckdb__empty_map() -%} map {} {%- endmacro %}
{% macro spark__empty_map() -%} cast(map() as map<string, string>) {%- endmacro %}


{# One row per item of a list, as the only such column of a select. No row for an empty list, nor for null. #}
{% macro each_item(list) -%}
    {{ adapter.dispatch('each_item', 'tribu')(list) }}
{%- endmacro %}

{% macro duckdb__each_item(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__each_item(list) -%}
    explode({{ list }})
{%- endmacro %}


{# Aggregate: values as a list, in the order of expressions that all go upwards (`-score` for the highest first). Nulls among the values
   stay. `condition` picks rows; without any the list is empty. #}
{% macro list_in_order(value, order, condition=none) -%}
    {{ adapter.dispatch('list_in_order', 'tribu')(value, order, condition) }}
{%- endmacro %}

{% macro duckdb__list_in_order(value, order, condition) -%}
    coalesce(list({{ value }} order by {{ order | join(' asc, ') }} asc){{ ' filter (where ' ~ condition ~ ')' if condition }}, [])
{%- endmacro %}

{% macro spark__list_in_order(value, order, condition) -%}
    transform(
        array_sort(collect_list(struct({{ order | join(', ') }}, {{ value }} as item)){{ ' filter (where ' ~ condition ~ ')' if condition }}),
        listed -> listed.item
    )
{%- endmacro %}


{# Aggregate: texts with a separator between them, in an order, of the rows that meet a condition. #}
{% macro text_in_order(text, separator, order, condition=none) -%}
    {{ adapter.dispatch('text_in_order', 'tribu')(text, separator, order, condition) }}
{%- endmacro %}

{% macro duckdb__text_in_order(text, separator, order, condition) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ order | join(' asc, ') }} asc){{ ' filter (where ' ~ condition ~ ')' if condition }}
{%- endmacro %}

{% macro spark__text_in_order(text, separator, order, condition) -%}
    nullif(array_join(transform(
        array_sort(collect_list(struct({{ order | join(', ') }}, {{ text }} as item)){{ ' filter (where ' ~ condition ~ ')' if condition }}),
        listed -> listed.item
    ), '{{ separator }}'), '')
{%- endmacro %}


{# Aggregate: the smallest values as a list, upwards. #}
{% macro smallest(value, count) -%}
    {{ adapter.dispatch('smallest', 'tribu')(value, count) }}
{%- endmacro %}

{% macro duckdb__smallest(value, count) -%}
    min({{ value }}, {{ count }})
{%- endmacro %}

{% macro spark__smallest(value, count) -%}
    slice(array_sort(collect_list({{ value }})), 1, {{ count }})
{%- endmacro %}


{# Aggregate: quantiles as a list of doubles, interpolated between neighbours; null where nothing is known. #}
{% macro quantiles(value, shares) -%}
    {{ adapter.dispatch('quantiles', 'tribu')(value, shares) }}
{%- endmacro %}

{% macro duckdb__quantiles(value, shares) -%}
    quantile_cont({{ value }}, [{{ shares | join(', ') }}])
{%- endmacro %}

{% macro spark__quantiles(value, shares) -%}
    percentile({{ value }}, array({{ shares | join(', ') }}))
{%- endmacro %}


{# One field of a JSON object, whatever is in its name, as text. #}
{% macro json_field(json, name) -%}
    {{ adapter.dispatch('json_field', 'tribu')(json, name) }}
{%- endmacro %}

{# A pointer, not a path: headers hold dots, blanks and brackets. #}
{% macro duckdb__json_field(json, name) -%}
    json_extract_string({{ json }}, '{{ sql_text("/" ~ name | replace("~", "~0") | replace("/", "~1")) }}')
{%- endmacro %}

{% macro spark__json_field(json, name) -%}
    from_json({{ json }}, 'map<string, string>')['{{ sql_text(name) }}']
{%- endmacro %}


{# Names of the fields of a JSON object, as a list. #}
{% macro json_names(json) -%}
    {{ adapter.dispatch('json_names', 'tribu')(json) }}
{%- endmacro %}

{% macro duckdb__json_names(json) -%}
    json_keys({{ json }})
{%- endmacro %}

{% macro spark__json_names(json) -%}
    json_object_keys({{ json }})
{%- endmacro %}


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


{# A record of named values. Records are ordered by their first value, then the next. #}
{% macro record_of(values) -%}
    {{ adapter.dispatch('record_of', 'tribu')(values) }}
{%- endmacro %}

{% macro duckdb__record_of(values) -%}
    { {%- for name, value in values.items() %}'{{ name }}': {{ value }}{{ ', ' if not loop.last }}{% endfor -%} }
{%- endmacro %}

{% macro spark__record_of(values) -%}
    named_struct({% for name, value in values.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}


{# A list with the largest item first. #}
{% macro list_downwards(list) -%}
    {{ adapter.dispatch('list_downwards', 'tribu')(list) }}
{%- endmacro %}

{% macro duckdb__list_downwards(list) -%}
    list_sort({{ list }}, 'desc')
{%- endmacro %}

{% macro spark__list_downwards(list) -%}
    sort_array({{ list }}, false)
{%- endmacro %}


{# What of a list comes from a place on, counted from 1; nothing beyond its end. #}
{% macro list_from(list, place) -%}
    {{ adapter.dispatch('list_from', 'tribu')(list, place) }}
{%- endmacro %}

{% macro duckdb__list_from(list, place) -%}
    {{ list }}[{{ place }}:]
{%- endmacro %}

{% macro spark__list_from(list, place) -%}
    slice({{ list }}, {{ place }}, array_size({{ list }}))
{%- endmacro %}


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
