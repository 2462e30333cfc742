{# Schemas are promises to analysts (`marts.dim_influencers`): no target name is put in front of them. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name if custom_schema_name is not none else target.schema }}
{%- endmacro %}
