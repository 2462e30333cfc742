{# The fidelity asked for of an algorithm, by var `min_fidelity`; one place, so that a page states the floor that was applied. #}
{% macro fidelity_floor(algorithm) -%}
    case {{ algorithm }}
    {%- for name, floor in var('min_fidelity').items() %}
        when '{{ name }}' then {{ floor }}
    {%- endfor %}
    end
{%- endmacro %}
