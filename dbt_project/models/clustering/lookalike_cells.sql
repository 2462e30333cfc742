-- Grain: one row per influencer who is compared: the cell, within its bounds, that its features lie in.
{%- set features = distance_feature_names() %}
{%- set axes = lookalike_axes() %}
{%- set cuts = [axes | length, features | length] | min %}
{%- set cut_names, coarse = [], [] %}
{%- for cut in range(1, cuts + 1) %}
    {%- do cut_names.append('cut_' ~ cut) %}
    {%- do coarse.append('floor(cut_' ~ cut ~ ' / 2)' if cut > cuts // 2 else 'cut_' ~ cut) %}
{%- endfor %}
with accounts as (

    select * from {{ ref('int_accounts') }}

),

{%- if 'tier' in var('lookalike_bounds') %}

tiers as (

    select * from {{ ref('tiers') }}

),

{%- endif %}

scaled as (

    select * from {{ ref('ftr_scaled') }}

),

-- Who is hardly known sits at the medians, next to thousands of others of whom nothing is known either.
bounded as (

    select
        scaled.influencer_key,
        {%- if var('lookalike_bounds') %}
        concat_ws(
            '/',
            {%- for bound in var('lookalike_bounds') %}
            coalesce({{ lookalike_bound(bound) }}, 'unknown'){{ ',' if not loop.last }}
            {%- endfor %}
        ) as bounds,
        {%- else %}
        'everybody' as bounds,
        {%- endif %}
        {%- for feature in features %}
        scaled.{{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from scaled
    inner join accounts
        on scaled.influencer_key = accounts.influencer_key
    {%- if 'tier' in var('lookalike_bounds') %}
    left join tiers
        on accounts.followers_count >= tiers.followers_from
        and accounts.followers_count < coalesce(tiers.followers_below, cast('infinity' as double))
    {%- endif %}
    where
        {{ var('lookalikes_count') }} > 0
        and {{ imputable_features_count() }} - scaled.imputed_features_count >= least({{ var('lookalike_min_known_features') }}, {{ imputable_features_count() }})

),

-- In thousandths, for whole numbers add up to the same in any order.
spreads as (

    select
        bounds,
        count(*) as bounds_influencers_count,
        {%- for feature in features %}
        sum(cast(round({{ feature }} * 1000) as bigint)) as {{ feature }}_sum,
        sum(cast(round({{ feature }} * 1000) as bigint) * cast(round({{ feature }} * 1000) as bigint)) as {{ feature }}_sum_of_squares{{ ',' if not loop.last }}
        {%- endfor %}
    from bounded
    group by bounds

),

-- Widest first: the first feature is cut into the most slices, and what nobody differs in into none.
widest as (

    select
        bounds,
        bounds_influencers_count,
        {% set entries = [] -%}
        {%- for feature in features -%}
            {%- do entries.append(record_of({
                'narrowness': 'cast(' ~ feature ~ '_sum as double) / bounds_influencers_count * cast(' ~ feature ~ '_sum as double) / bounds_influencers_count'
                    ~ ' - cast(' ~ feature ~ '_sum_of_squares as double) / bounds_influencers_count',
                'feature': "'" ~ feature ~ "'",
            })) -%}
        {%- endfor -%}
        {{ list_upwards(list_of(entries)) }} as features
    from spreads

),

placed as (

    select
        bounded.influencer_key,
        bounded.bounds,
        widest.bounds_influencers_count,
        -- numbers instead of texts go through the pairs of influencers, of which there are thousands of millions
        row_number() over (order by bounded.influencer_key asc) as influencer_number,
        -- how often everybody within the bounds is halved, until cells are of the size asked for
        {% for halving in range(30) -%}
        case when widest.bounds_influencers_count > {{ var('lookalike_cell_influencers') * 2 ** halving }} then 1 else 0 end{{ ' + ' if not loop.last }}
        {%- endfor %} as halvings,
        {%- for axis in axes %}
        {%- set place = loop.index %}
        case {{ list_item('widest.features', place) }}['feature']
            {%- for feature in features %}
            when '{{ feature }}' then bounded.{{ feature }}
            {%- endfor %}
            else cast(0 as double)
        end as {{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from bounded
    inner join widest
        on bounded.bounds = widest.bounds

),

slice_0 as (

    select
        *,
        {%- for cut in range(cuts) %}
        cast(power(2, floor((halvings + {{ cuts - 1 - cut }}) / {{ cuts }})) as bigint) as slices_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from placed

),
{% for axis in axes[:cuts] %}
{%- set within = ['bounds'] + cut_names[:loop.index0] %}
slice_{{ loop.index }} as (

    select
        *,
        floor(
            (row_number() over (partition by {{ within | join(', ') }} order by {{ axis }} asc, influencer_number asc) - 1)
            * slices_{{ loop.index }}
            / count(*) over (partition by {{ within | join(', ') }})
        ) as cut_{{ loop.index }}
    from slice_{{ loop.index0 }}

){{ ',' if not loop.last }}
{% endfor %}

select
    influencer_key,
    influencer_number,
    bounds,
    bounds_influencers_count,
    dense_rank() over (order by {{ (['bounds'] + cut_names) | join(' asc, ') }} asc) as cell,
    -- the later half of the cuts, each a step back: sixteen cells, or as many as there are
    dense_rank() over (
        order by {{ (['bounds'] + coarse) | join(' asc, ') }} asc
    ) as block,
    {{ axes | join(',\n    ') }}
from slice_{{ cuts }}
