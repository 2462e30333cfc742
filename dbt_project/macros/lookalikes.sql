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


{# Columns of the features that differ most within the bounds, widest first. Eight: cells that are cut along fewer are long in all others, and every
   one more is a column of work for each pair of an influencer and a cell. #}
{% macro lookalike_axes() -%}
    {%- do return(['axis_1', 'axis_2', 'axis_3', 'axis_4', 'axis_5', 'axis_6', 'axis_7', 'axis_8']) -%}
{%- endmacro %}


{# Squared distance of a place from a box of axes: 0 within. Products, for a power costs ten times as much. #}
{% macro squared_gap(place, box) -%}
    {%- for axis in lookalike_axes() -%}
        {%- set gap = "greatest(" ~ place ~ "." ~ axis ~ " - " ~ box ~ "." ~ axis ~ "_high, " ~ box ~ "." ~ axis ~ "_low - " ~ place ~ "." ~ axis ~ ", cast(0 as double))" -%}
        {{ gap }} * {{ gap }}{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# Squared distance between boxes of axes: 0 where they meet. #}
{% macro squared_box_gap(left, right) -%}
    {%- for axis in lookalike_axes() -%}
        {%- set gap = "greatest(" ~ left ~ "." ~ axis ~ "_low - " ~ right ~ "." ~ axis ~ "_high, " ~ right ~ "." ~ axis ~ "_low - " ~ left ~ "." ~ axis ~ "_high, cast(0 as double))" -%}
        {{ gap }} * {{ gap }}{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{# A whole number, up to a thousand millions, behind what it is ranked by, 0 to 8,000 in millionths: both in one integer, of which engines find the
   smallest quickly, and always the same. Beyond 8,000, which no settings that ship come near, the smaller number comes first. #}
{% macro ranked_number(rank, number) -%}
    cast(round(least({{ rank }}, cast(8000 as double)) * 1000000) as bigint) * 1073741824 + {{ number }}
{%- endmacro %}

{% macro number_of_ranked(ranked) -%}
    {{ ranked }} % 1073741824
{%- endmacro %}
