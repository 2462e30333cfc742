{# How Hennig (2007) reads a mean Jaccard index; his bounds, so no vars. #}
{% macro stability_reading(column) -%}
    case
        when {{ column }} < 0.6 then 'do_not_trust'
        when {{ column }} < 0.75 then 'pattern'
        when {{ column }} < 0.85 then 'stable'
        when {{ column }} >= 0.85 then 'highly_stable'
    end
{%- endmacro %}
