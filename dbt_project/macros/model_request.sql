{# Vars that decide what a fit finds. A change of one of them, or of a feature, makes the accepted model that of another question. #}
{% macro fit_parameters() -%}
    {%- set parameters = {} -%}
    {%- for name in [
        'post_window_days', 'min_posts_for_rhythm', 'min_posts_for_paid_performance', 'max_followers_count', 'max_total_count', 'feature_min_known_share', 'block_weights',
        'fit_sample_rows', 'algorithms', 'algorithm_sample_rows', 'k_min', 'k_max', 'pinned_algorithm', 'pinned_k', 'kmeans_restarts',
        'mixture_restarts', 'mixture_min_variance', 'prototypes_per_cluster', 'radius_quantiles', 'density_min_samples',
        'dbscan_eps_quantiles', 'hdbscan_min_cluster_shares', 'silhouette_rows', 'min_cluster_share', 'max_cluster_share',
        'max_noise_share', 'min_fidelity', 'min_stability', 'null_margin', 'silhouette_tolerance', 'resamples', 'null_draws',
        'cluster_resamples', 'resample_rows', 'random_seed', 'content_topics', 'content_words', 'content_min_influencers', 'content_max_share',
        'content_max_terms',
    ] -%}
        {%- do parameters.update({name: var(name)}) -%}
    {%- endfor -%}
    {#- The weight of a block without features decides nothing. -#}
    {%- if not own_features() | selectattr('block', 'equalto', 'own') | list -%}
        {%- set weights = {} -%}
        {%- for block, weight in var('block_weights').items() if block != 'own' -%}
            {%- do weights.update({block: weight}) -%}
        {%- endfor -%}
        {%- do parameters.update({'block_weights': weights}) -%}
    {%- endif -%}
    {%- set features = [] -%}
    {%- for feature in distance_features() -%}
        {%- set known = {
            'name': feature.name, 'block': feature.block, 'transform': feature.transform | default('topic'), 'instead_of': feature.instead_of | default([])
        } -%}
        {%- if feature.column is defined -%}
            {%- do known.update({'column': feature.column}) -%}
        {%- endif -%}
        {%- do features.append(known) -%}
    {%- endfor -%}
    {%- do parameters.update({'features': features}) -%}
    {%- do return(parameters) -%}
{%- endmacro %}


{# Var `refit`, checked where it is first read. #}
{% macro refit_mode() -%}
    {%- set wish = var('refit') -%}
    {%- if wish not in ['auto', 'always', 'never'] -%}
        {{ exceptions.raise_compiler_error(
            "expected var 'refit' to be auto, always or never; got " ~ wish ~ "; remedy: dbt build --vars 'refit: auto'") }}
    {%- endif -%}
    {{ wish }}
{%- endmacro %}
