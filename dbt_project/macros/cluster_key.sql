{# `c01` … : text, so that no tool turns a key into a number. #}
{% macro cluster_key(ordinal) -%}
    printf('c%02d', {{ ordinal }})
{%- endmacro %}
