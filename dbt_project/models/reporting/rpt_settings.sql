-- Grain: one row per setting that decides which clusters there are, as this build was asked for it.
{%- set settings = fit_parameters() %}
{%- set fitted = settings.keys() | reject('equalto', 'features') | list %}
{%- set kept = [
    'refit', 'score_with', 'max_population_stability_index', 'match_min_jaccard', 'match_max_centre_distance', 'match_min_transfer_share'
] %}
{%- for setting in fitted + kept %}
select
    '{{ setting }}' as setting,
    cast({{ loop.index }} as bigint) as setting_order,
    '{{ sql_text(tojson(settings[setting] if setting in fitted else var(setting), sort_keys=true)) }}' as setting_value,
    {{ 'true' if setting in fitted else 'false' }} as decides_fit
{{ 'union all' if not loop.last }}
{%- endfor %}
