{#
The features that every build has: what distances see, in which block, on which scale, and how people read them. Adding one means a
line here and a column of the same name in `ftr_influencers`; everything below (scaling, prototypes, profiles, pages) follows.

`transform` is what makes a heavy tail readable for a distance: `log1p` for counts and rates per time, `log` for shares and ratios
that span decades (zero is put half-way below the smallest value that is possible in practice, 1e-5), `none` for what is bounded.
`flag` (own features only) is yes or no and has a scale of its own: see `ftr_fresh_scaling`.
`instead_of` names features that say much the same. Distances see the feature only on platforms where it is known of at least twice as many
influencers as each of these: a list often has one rate of interaction only, and where it has all, one would count three times.

`high` and `low` are the words that name a cluster in which the feature stands out.
#}
{% macro shipped_features() -%}
    {%- do return([
        {'name': 'followers_count', 'block': 'size', 'transform': 'log1p', 'unit': 'count',
         'label_en': 'Followers', 'label_fr': 'Abonnés',
         'high_en': 'large', 'low_en': 'small', 'high_fr': 'grande taille', 'low_fr': 'petite taille'},
        {'name': 'following_count', 'block': 'size', 'transform': 'log1p', 'unit': 'count',
         'label_en': 'Following', 'label_fr': 'Abonnements',
         'high_en': 'follow many', 'low_en': 'follow few', 'high_fr': 'suivent beaucoup', 'low_fr': 'suivent peu'},
        {'name': 'posts_count', 'block': 'size', 'transform': 'log1p', 'unit': 'count',
         'label_en': 'Posts ever', 'label_fr': 'Publications au total',
         'high_en': 'long archive', 'low_en': 'short archive', 'high_fr': 'longue archive', 'low_fr': 'courte archive'},
        {'name': 'er_followers', 'block': 'engagement', 'transform': 'log', 'unit': 'ratio',
         'label_en': 'Interactions per follower', 'label_fr': 'Interactions par abonné',
         'high_en': 'high engagement', 'low_en': 'low engagement', 'high_fr': 'fort engagement', 'low_fr': 'faible engagement'},
        {'name': 'er_likes_followers', 'block': 'engagement', 'transform': 'log', 'unit': 'ratio',
         'instead_of': ['er_followers'],
         'label_en': 'Likes per follower', 'label_fr': 'Likes par abonné',
         'high_en': 'many likes', 'low_en': 'few likes', 'high_fr': 'beaucoup de likes', 'low_fr': 'peu de likes'},
        {'name': 'er_reported', 'block': 'engagement', 'transform': 'log', 'unit': 'ratio',
         'instead_of': ['er_followers', 'er_likes_followers'],
         'label_en': 'Engagement rate as reported', 'label_fr': 'Taux d’engagement déclaré',
         'high_en': 'high reported engagement', 'low_en': 'low reported engagement',
         'high_fr': 'fort engagement déclaré', 'low_fr': 'faible engagement déclaré'},
        {'name': 'er_views', 'block': 'engagement', 'transform': 'log', 'unit': 'ratio',
         'label_en': 'Interactions per view', 'label_fr': 'Interactions par vue',
         'high_en': 'viewers who react', 'low_en': 'silent viewers', 'high_fr': 'vues qui réagissent', 'low_fr': 'vues silencieuses'},
        {'name': 'view_follower_ratio', 'block': 'engagement', 'transform': 'log', 'unit': 'ratio',
         'label_en': 'Views per follower', 'label_fr': 'Vues par abonné',
         'high_en': 'wide reach', 'low_en': 'narrow reach', 'high_fr': 'large portée', 'low_fr': 'portée réduite'},
        {'name': 'comment_like_ratio', 'block': 'engagement', 'transform': 'log', 'unit': 'ratio',
         'label_en': 'Comments per like', 'label_fr': 'Commentaires par like',
         'high_en': 'much discussed', 'low_en': 'little discussed', 'high_fr': 'très commentés', 'low_fr': 'peu commentés'},
        {'name': 'engagement_iqr', 'block': 'engagement', 'transform': 'log1p', 'unit': 'ratio',
         'label_en': 'Spread of interactions', 'label_fr': 'Dispersion des interactions',
         'high_en': 'uneven results', 'low_en': 'steady results', 'high_fr': 'résultats inégaux', 'low_fr': 'résultats réguliers'},
        {'name': 'viral_post_ratio', 'block': 'engagement', 'transform': 'none', 'unit': 'ratio',
         'label_en': 'Share of viral posts', 'label_fr': 'Part de publications virales',
         'high_en': 'viral', 'low_en': 'rarely viral', 'high_fr': 'viraux', 'low_fr': 'rarement viraux'},
        {'name': 'posts_per_week', 'block': 'rhythm', 'transform': 'log1p', 'unit': 'per_week',
         'label_en': 'Posts per week', 'label_fr': 'Publications par semaine',
         'high_en': 'frequent posters', 'low_en': 'occasional posters', 'high_fr': 'publient souvent', 'low_fr': 'publient rarement'},
        {'name': 'active_week_ratio', 'block': 'rhythm', 'transform': 'none', 'unit': 'ratio',
         'label_en': 'Share of active weeks', 'label_fr': 'Part de semaines actives',
         'high_en': 'active every week', 'low_en': 'with long pauses', 'high_fr': 'actifs chaque semaine', 'low_fr': 'longues pauses'},
        {'name': 'days_since_last_post', 'block': 'rhythm', 'transform': 'log1p', 'unit': 'days',
         'label_en': 'Days since the last post', 'label_fr': 'Jours depuis la dernière publication',
         'high_en': 'gone quiet', 'low_en': 'posted just now', 'high_fr': 'devenus silencieux', 'low_fr': 'publication récente'},
        {'name': 'sponsored_ratio', 'block': 'commercial', 'transform': 'none', 'unit': 'ratio',
         'label_en': 'Share of sponsored posts', 'label_fr': 'Part de publications sponsorisées',
         'high_en': 'often sponsored', 'low_en': 'rarely sponsored', 'high_fr': 'souvent sponsorisés', 'low_fr': 'rarement sponsorisés'},
        {'name': 'paid_performance_ratio', 'block': 'commercial', 'transform': 'log', 'unit': 'ratio',
         'label_en': 'Sponsored against organic interactions', 'label_fr': 'Interactions sponsorisées / organiques',
         'high_en': 'ads that work', 'low_en': 'ads that fade', 'high_fr': 'pubs qui marchent', 'low_fr': 'pubs qui retombent'},
        {'name': 'growth_30d_ratio', 'block': 'growth', 'transform': 'none', 'unit': 'ratio',
         'label_en': 'Growth in 30 days', 'label_fr': 'Croissance en 30 jours',
         'high_en': 'growing', 'low_en': 'shrinking', 'high_fr': 'en croissance', 'low_fr': 'en recul'},
        {'name': 'growth_90d_ratio', 'block': 'growth', 'transform': 'none', 'unit': 'ratio',
         'label_en': 'Growth in 90 days', 'label_fr': 'Croissance en 90 jours',
         'high_en': 'growing fast', 'low_en': 'losing followers', 'high_fr': 'forte croissance', 'low_fr': 'perte d’abonnés'},
    ]) -%}
{%- endmacro %}


{# Every feature: those above, and the columns of an export that var `own_features` names. #}
{% macro feature_catalogue() -%}
    {%- do return(shipped_features() + own_features()) -%}
{%- endmacro %}


{% macro feature_names() -%}
    {%- do return(feature_catalogue() | map(attribute='name') | list) -%}
{%- endmacro %}


{# The weight of a block of features in distances. #}
{% macro block_weight(block) -%}
    {%- set weights = var('block_weights') -%}
    {#- This is the first that is read, while dbt parses: here a wrong kind is still told with all others. -#}
    {%- if not is_of_kind(weights, 'numbers by name') -%}
        {%- do check_vars() -%}
    {%- endif -%}
    {%- if weights.get(block) is not number or weights[block] < 0 -%}
        {{ exceptions.raise_compiler_error(
            "expected a weight of 0 or more for every block in var 'block_weights'; got " ~ weights.get(block, 'nothing') ~ " for " ~ block
            ~ "; remedy: give all blocks, 0 for one that distances are not to see") }}
    {%- endif -%}
    {%- do return(weights[block]) -%}
{%- endmacro %}


{# What distances see: the features of the catalogue whose block has a weight, and topics if content has one. A block without weight
   would only add columns of zeros. #}
{% macro distance_features() -%}
    {%- set seen = [] -%}
    {%- for feature in feature_catalogue() if block_weight(feature.block) > 0 -%}
        {%- do seen.append(feature) -%}
    {%- endfor -%}
    {%- if block_weight('content') > 0 -%}
        {%- for topic in topic_names() -%}
            {%- do seen.append({'name': topic, 'block': 'content'}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if not seen -%}
        {{ exceptions.raise_compiler_error(
            "expected a feature that distances see; got none, for every block in var 'block_weights' weighs 0 or has no feature"
            ~ "; remedy: give one block a weight; content has features if var 'content_topics' is above 0") }}
    {%- endif -%}
    {%- do return(seen) -%}
{%- endmacro %}


{% macro distance_feature_names() -%}
    {%- do return(distance_features() | map(attribute='name') | list) -%}
{%- endmacro %}


{# The highest `imputed_features_count` there can be. Topics are known together or not at all, and count as one. #}
{% macro imputable_features_count() -%}
    {%- set blocks = distance_features() | map(attribute='block') | list -%}
    {%- set topics = blocks | select('equalto', 'content') | list | length -%}
    {{ blocks | length - topics + (1 if topics else 0) }}
{%- endmacro %}


{# A feature on the scale on which distances are fair to its tail. #}
{% macro transformed(feature, column=none) -%}
    {%- set value = column or feature.name -%}
    {%- if feature.transform == 'log1p' -%}
        ln(1 + {{ value }})
    {%- elif feature.transform == 'log' -%}
        ln({{ value }} + 0.00001)
    {%- else -%}
        cast({{ value }} as double)
    {%- endif -%}
{%- endmacro %}


{# Back from that scale to the unit of the feature. Rounding must not make a count of nobody negative. #}
{% macro untransformed(feature, value) -%}
    {%- if feature.transform == 'log1p' -%}
        greatest(exp({{ value }}) - 1, 0.0)
    {%- elif feature.transform == 'log' -%}
        greatest(exp({{ value }}) - 0.00001, 0.0)
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}


{# The value within its platform, robustly standardised: 0 is the platform's median, 1 about a standard deviation; null if unknown. #}
{% macro standardised(feature, scaling) -%}
    {#- `greatest` passes over nulls, so an unknown value would come out as the lower bound. -#}
    case when {{ feature.name }} is not null then (
        least(greatest({{ transformed(feature) }}, {{ scaling }}.{{ feature.name }}_low), {{ scaling }}.{{ feature.name }}_high)
        - {{ scaling }}.{{ feature.name }}_median
    ) / {{ scaling }}.{{ feature.name }}_scale end
{%- endmacro %}
