{# Squared distance between rows of two relations, over the columns given. #}
{% macro squared_distance(left, right, columns) -%}
    {%- for column in columns -%}
        ({{ left }}.{{ column }} - {{ right }}.{{ column }}) * ({{ left }}.{{ column }} - {{ right }}.{{ column }}){{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# What influencers may share to be compared, as a column. #}
{% macro lookalike_bound(bound) -%}
    {%- set columns = {
        'platform': 'accounts.platform',
        'tier': 'tiers.tier',
        'country': 'accounts.country_code',
        'language': 'accounts.language',
        'category': 'accounts.category',
    } -%}
    {%- if bound not in columns -%}
        {{ exceptions.raise_compiler_error(
            "expected some of platform, tier, country, language, category in var 'lookalike_bounds'; got " ~ bound
            ~ "; remedy: name what lookalikes must share, [] for nothing") }}
    {%- endif -%}
    {{ columns[bound] }}
{%- endmacro %}


{# Whether distances see a feature of both of a pair: it is known of both, and has a scale on both platforms. #}
{% macro seen_of_both(feature) -%}
    own.{{ feature }} is not null
    and other.{{ feature }} is not null
    and own_scaling.{{ feature }}_scale is not null
    and other_scaling.{{ feature }}_scale is not null
{%- endmacro %}
