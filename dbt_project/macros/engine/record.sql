{# Named values: records, constant maps and objects of JSON. Each macro of this folder says one thing in the words of each engine, with the same answer
   (tests/pipeline/test_engine_macros.py asks both); nothing else of the project may tell engines apart (test_engine_neutral.py). #}


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
