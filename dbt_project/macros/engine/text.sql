{# Texts: their literals, patterns, and what is made of them. Each macro of this folder says one thing in the words of each engine, with the same answer
   (tests/pipeline/test_engine_macros.py asks both); nothing else of the project may tell engines apart (test_engine_neutral.py). #}


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
