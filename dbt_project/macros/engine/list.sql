{# Lists: made, looked into, changed, and gathered from rows. Each macro of this folder says one thing in the words of each engine, with the same answer
   (tests/pipeline/test_engine_macros.py asks both); nothing else of the project may tell engines apart (test_engine_neutral.py). #}


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


{# A list with the smallest item first. #}
{% macro list_upwards(list) -%}
    {{ adapter.dispatch('list_upwards', 'tribu')(list) }}
{%- endmacro %}

{% macro duckdb__list_upwards(list) -%}
    list_sort({{ list }})
{%- endmacro %}

{% macro spark__list_upwards(list) -%}
    array_sort({{ list }})
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


{# The first items of a list, all of a shorter one. #}
{% macro list_until(list, count) -%}
    {{ adapter.dispatch('list_until', 'tribu')(list, count) }}
{%- endmacro %}

{% macro duckdb__list_until(list, count) -%}
    {{ list }}[:{{ count }}]
{%- endmacro %}

{% macro spark__list_until(list, count) -%}
    slice({{ list }}, 1, {{ count }})
{%- endmacro %}
