{# Campaign briefs as people wrote them: those of the user, and in a build of the sample those that show what a brief is. #}
{% macro written_briefs() -%}
    select * from {{ ref('briefs') }}
    union all
    select * from {{ ref('sample_briefs') }}
    where '{{ source_kind() }}' = 'sample'
{%- endmacro %}


{#
What a brief may ask for, in the order in which it is told. `values` are listed in the brief, `bounds` are figures of it. An influencer
of whom the answer is not known does not meet it: it is counted apart.
#}
{% macro brief_criteria() -%}
    {%- do return(['platform', 'country', 'language', 'topic', 'tier', 'cluster', 'followers', 'engagement', 'sponsored', 'budget', 'excluded']) -%}
{%- endmacro %}


{# The parts of the score of a match, each 0-1, and their weights. #}
{% macro brief_parts() -%}
    {%- set parts = ['engagement', 'activity', 'availability', 'keywords', 'similarity'] -%}
    {%- set weights = var('brief_weights') -%}
    {%- for part in parts -%}
        {%- if weights.get(part) is not number or weights[part] < 0 -%}
            {{ exceptions.raise_compiler_error(
                "expected a weight of 0 or more for every part in var 'brief_weights'; got " ~ weights.get(part, 'nothing') ~ " for " ~ part
                ~ "; remedy: give all of " ~ parts | join(', ') ~ ", 0 for one that is not to count") }}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(parts) -%}
{%- endmacro %}
