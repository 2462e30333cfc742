{# Moments: read from texts, made, and the time between them. Each macro of this folder says one thing in the words of each engine, with the same answer
   (tests/pipeline/test_engine_macros.py asks both); nothing else of the project may tell engines apart (test_engine_neutral.py). #}


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
