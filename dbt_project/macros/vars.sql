{# What each var may hold. Most of them become SQL as they are: a text in the place of a number would be SQL that somebody wrote. A test holds
   the list against dbt_project.yml. `texts` are quoted wherever they are used. #}
{% macro var_kinds() -%}
    {%- do return({
        'number': [
            'post_window_days', 'min_posts_for_rhythm', 'min_posts_for_paid_performance', 'max_followers_count', 'max_total_count',
            'rename_min_similarity', 'rename_max_follower_change', 'rename_max_gap_days', 'counter_reset_min_fall',
            'counter_jump_factor', 'counter_judged_from', 'feature_min_known_share', 'content_topics', 'content_min_influencers',
            'content_max_share', 'content_max_terms', 'fit_sample_rows', 'k_min', 'k_max', 'pinned_k', 'kmeans_restarts',
            'mixture_restarts', 'mixture_min_variance', 'density_min_samples', 'silhouette_rows', 'min_cluster_share',
            'max_cluster_share', 'max_noise_share', 'min_stability', 'null_margin', 'silhouette_tolerance', 'resamples', 'null_draws',
            'cluster_resamples', 'resample_rows', 'random_seed', 'max_population_stability_index', 'match_min_jaccard',
            'match_max_centre_distance', 'match_min_transfer_share', 'membership_runs_kept', 'map_points', 'map_points_per_cluster',
            'picture_neighbours', 'picture_perplexity', 'members_shown', 'cluster_download_rows', 'distribution_bins',
            'members_featured', 'influencer_pages_most', 'cluster_terms', 'cluster_term_min_lift', 'cluster_term_min_errors',
            'borderline_confidence', 'small_group_influencers', 'influencer_download_rows', 'opportunity_min_deviation',
            'opportunity_max_sponsored_ratio', 'opportunity_min_cohort_ratio', 'opportunity_min_growth_30d_ratio',
            'opportunity_min_paid_performance_ratio', 'opportunity_min_niche_share', 'opportunity_min_niche_lift',
            'opportunity_min_known_share', 'opportunity_min_known', 'rule_max_depth', 'rule_min_leaf_share', 'niche_min_share',
            'niche_min_lift', 'cohort_min_influencers', 'authenticity_following_from', 'authenticity_bound',
            'authenticity_min_known', 'lookalikes_count', 'lookalike_min_known_features', 'lookalike_exact_influencers',
            'lookalike_cells_searched', 'lookalike_cell_influencers', 'brief_part_high', 'brief_part_low', 'brief_matches_shown',
        ],
        'numbers': [
            'prototypes_per_cluster', 'radius_quantiles', 'dbscan_eps_quantiles', 'hdbscan_min_cluster_shares', 'picture_dimensions',
        ],
        'numbers by name': [
            'retention_days', 'block_weights', 'algorithm_sample_rows', 'min_fidelity', 'authenticity_weights', 'brief_weights',
        ],
        'true or false': ['content_words', 'site_pseudonymised'],
        'name': ['source', 'pinned_algorithm', 'refit'],
        'names': ['algorithms', 'pictures', 'lookalike_bounds'],
        'text': ['score_with'],
        'texts': ['partner_columns', 'opportunity_small_tiers'],
        'checked where they are read': ['own_features'],
    }) -%}
{%- endmacro %}


{# Vars that ship as null, which leaves the choice to the build. #}
{% macro vars_that_may_be_null() -%}
    {%- do return(['pinned_algorithm', 'pinned_k', 'score_with']) -%}
{%- endmacro %}


{% macro is_number(value) -%}
    {#- a boolean is a number to Jinja; what is not finite has no figures -#}
    {%- do return(value is number and value is not boolean and modules.re.fullmatch('-?[0-9.]+(e[-+]?[0-9]+)?', value | string) is not none) -%}
{%- endmacro %}


{% macro is_name(value) -%}
    {%- do return(value is string and modules.re.fullmatch('[a-z][a-z0-9_]*', value) is not none) -%}
{%- endmacro %}


{# Whether a value is of a kind of `var_kinds`. #}
{% macro is_of_kind(value, kind) -%}
    {%- if kind == 'number' -%}
        {%- do return(is_number(value)) -%}
    {%- elif kind == 'true or false' -%}
        {%- do return(value is boolean) -%}
    {%- elif kind == 'name' -%}
        {%- do return(is_name(value)) -%}
    {%- elif kind == 'text' -%}
        {%- do return(value is string) -%}
    {%- elif kind == 'numbers by name' -%}
        {%- if value is not mapping -%}
            {%- do return(false) -%}
        {%- endif -%}
        {%- for name, one in value.items() if not (is_name(name) and is_number(one)) -%}
            {%- do return(false) -%}
        {%- endfor -%}
    {%- elif kind in ['numbers', 'names', 'texts'] -%}
        {%- if value is string or value is mapping or value is not iterable -%}
            {%- do return(false) -%}
        {%- endif -%}
        {%- for one in value if not is_of_kind(one, kind[:-1]) -%}
            {%- do return(false) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(true) -%}
{%- endmacro %}


{# Stops the build before any SQL of it if a var holds what it may not. #}
{% macro check_vars() -%}
    {%- set found = [] -%}
    {%- for kind, names in var_kinds().items() -%}
        {%- for name in names -%}
            {%- set value = var(name) -%}
            {%- set is_left_out = value is none and name in vars_that_may_be_null() -%}
            {%- if not is_left_out and not is_of_kind(value, kind) -%}
                {%- do found.append("'" ~ name ~ "' (" ~ kind ~ "), got " ~ tojson(value)[:100]) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if found -%}
        {{ exceptions.raise_compiler_error(
            "expected vars of the kinds that dbt_project.yml shows; " ~ found | join("; ") ~ "; remedy: give the value as it stands there, without quotation marks around numbers") }}
    {%- endif -%}
{%- endmacro %}
