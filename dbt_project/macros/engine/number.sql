{# Numbers: read from texts, finite or not, and quantiles. Each macro of this folder says one thing in the words of each engine, with the same answer
   (tests/pipeline/test_engine_macros.py asks both); nothing else of the project may tell engines apart (test_engine_neutral.py). #}


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
