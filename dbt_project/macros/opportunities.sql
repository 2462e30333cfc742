{#
The catalogue of opportunities: what would make a cluster worth a second look by somebody who books influencers. A rule is a list of
conditions, all of which a cluster must meet; thresholds are vars. Adding a rule means an entry here, and its words in
`src/tribu/report/opportunities.py` (without them a page shows the name of the rule).

`measure` is a feature of the catalogue of features, or `category`. `statistic` says what of it is looked at:
`robust_z`      the members' median within their platforms, in robust standard deviations from everyone's
`median`        the members' median, in the unit of the feature
`cohort_ratio`  of small accounts (var `opportunity_small_tiers`): the median of each member's value over the median of its platform and tier
`share`, `lift` of the category that is most above its share among everyone: its share of the members, and how many times everyone's that is
#}
{% macro opportunity_rules() -%}
    {%- do return([
        {'rule': 'unsold_attention', 'conditions': [
            {'measure': 'er_followers', 'statistic': 'robust_z', 'comparison': 'at_least', 'threshold': var('opportunity_min_deviation')},
            {'measure': 'sponsored_ratio', 'statistic': 'median', 'comparison': 'at_most', 'threshold': var('opportunity_max_sponsored_ratio')},
        ]},
        {'rule': 'engaged_small_accounts', 'conditions': [
            {'measure': 'er_followers', 'statistic': 'cohort_ratio', 'comparison': 'at_least', 'threshold': var('opportunity_min_cohort_ratio')},
        ]},
        {'rule': 'growing', 'conditions': [
            {'measure': 'growth_30d_ratio', 'statistic': 'robust_z', 'comparison': 'at_least', 'threshold': var('opportunity_min_deviation')},
            {'measure': 'growth_30d_ratio', 'statistic': 'median', 'comparison': 'at_least', 'threshold': var('opportunity_min_growth_30d_ratio')},
        ]},
        {'rule': 'paid_posts_that_work', 'conditions': [
            {'measure': 'paid_performance_ratio', 'statistic': 'median', 'comparison': 'at_least', 'threshold': var('opportunity_min_paid_performance_ratio')},
        ]},
        {'rule': 'niche_audience', 'conditions': [
            {'measure': 'category', 'statistic': 'share', 'comparison': 'at_least', 'threshold': var('opportunity_min_niche_share')},
            {'measure': 'category', 'statistic': 'lift', 'comparison': 'at_least', 'threshold': var('opportunity_min_niche_lift')},
        ]},
    ]) -%}
{%- endmacro %}
