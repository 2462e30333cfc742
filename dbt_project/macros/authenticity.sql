{#
What may make one look twice at an account, each by one figure of ftr_influencers. `sides`: `high` where only more than others is unusual,
`both` where less is as well. `from`: what is not above this figure is no signal, however others do. Adding a signal means a line here, a
weight in var `authenticity_weights`, the columns of `authenticity_signals`, and its words in `src/tribu/report/signals.py`.
#}
{% macro authenticity_signals() -%}
    {%- set weights = var('authenticity_weights') -%}
    {%- set signals = [
        {'signal': 'engagement', 'metric': 'er_followers', 'sides': 'both'},
        {'signal': 'following', 'metric': 'following_follower_ratio', 'sides': 'high', 'from': var('authenticity_following_from')},
        {'signal': 'comments', 'metric': 'comment_like_ratio', 'sides': 'both'},
        {'signal': 'jump', 'metric': 'follower_jump_ratio', 'sides': 'high', 'from': 0},
        {'signal': 'unfollowed_growth', 'metric': 'unfollowed_growth_ratio', 'sides': 'high', 'from': 0},
    ] -%}
    {%- for signal in signals -%}
        {%- if weights.get(signal.signal) is not number or weights[signal.signal] < 0 -%}
            {{ exceptions.raise_compiler_error(
                "expected a weight of 0 or more for every signal in var 'authenticity_weights'; got " ~ weights.get(signal.signal, 'nothing')
                ~ " for " ~ signal.signal ~ "; remedy: give all signals, 0 for one that the sum is not to hold") }}
        {%- endif -%}
        {%- do signal.update({'weight': weights[signal.signal]}) -%}
    {%- endfor -%}
    {%- do return(signals) -%}
{%- endmacro %}


{# What influencers are compared by within their cohort: the features, and the figures of signals that are none. #}
{% macro compared_metrics() -%}
    {%- set names = feature_names() -%}
    {%- for signal in authenticity_signals() if signal.metric not in names -%}
        {%- do names.append(signal.metric) -%}
    {%- endfor -%}
    {%- do return(names) -%}
{%- endmacro %}


{# How unusual a figure is, 0-1: the share of the cohort that is less so. In a cohort these shares are spread evenly from 0 to 1, so parts
   of different signals weigh alike before they are weighted. #}
{% macro signal_part(signal, value, percentile) -%}
    case
        when {{ percentile }} is null then null
        {%- if signal.from is defined %}
        when {{ value }} <= {{ signal.from }} then 0
        {%- endif %}
        {%- if signal.sides == 'both' %}
        else abs({{ percentile }} - 50) / 50
        {%- else %}
        else {{ percentile }} / 100
        {%- endif %}
    end
{%- endmacro %}
