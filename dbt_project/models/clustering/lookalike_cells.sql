-- Grain: one row per influencer who is compared: the cell, within its bounds, that its place on the principal axes lies in.
{%- set axes = ['pca_1', 'pca_2', 'pca_3'] %}
with accounts as (

    select * from {{ ref('int_accounts') }}

),

{%- if 'tier' in var('lookalike_bounds') %}

tiers as (

    select * from {{ ref('tiers') }}

),

{%- endif %}

scaled as (

    select
        influencer_key,
        imputed_features_count
    from {{ ref('ftr_scaled') }}

),

positions as (

    select * from {{ ref('ml_positions') }}

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
        positions.pca_1,
        positions.pca_2,
        positions.pca_3
    from scaled
    inner join accounts
        on scaled.influencer_key = accounts.influencer_key
    inner join positions
        on scaled.influencer_key = positions.influencer_key
    {%- if 'tier' in var('lookalike_bounds') %}
    left join tiers
        on accounts.followers_count >= tiers.followers_from
        and accounts.followers_count < coalesce(tiers.followers_below, cast('infinity' as double))
    {%- endif %}
    where
        {{ var('lookalikes_count') }} > 0
        and {{ imputable_features_count() }} - scaled.imputed_features_count >= least({{ var('lookalike_min_known_features') }}, {{ imputable_features_count() }})

),

sized as (

    select
        *,
        count(*) over (partition by bounds) as bounds_influencers_count,
        -- numbers instead of texts go through the pairs of influencers, of which there are hundreds of millions
        row_number() over (order by influencer_key asc) as influencer_number
    from bounded

),

-- as many slices along each of three axes as give cells of the size asked for
slice_0 as (

    select
        *,
        ceil(power(ceil(bounds_influencers_count / {{ var('lookalike_cell_influencers') }}), 1 / 3)) as slices
    from sized

),
{% for axis in axes %}
{%- set slice = ['bounds', 'slice_1', 'slice_2'][:loop.index] | join(', ') %}
slice_{{ loop.index }} as (

    select
        *,
        floor(
            (row_number() over (partition by {{ slice }} order by {{ axis }} asc, influencer_key asc) - 1)
            * slices
            / count(*) over (partition by {{ slice }})
        ) as slice_{{ loop.index }}
    from slice_{{ loop.index0 }}

){{ ',' if not loop.last }}
{% endfor %}

select
    influencer_key,
    influencer_number,
    bounds,
    bounds_influencers_count,
    dense_rank() over (order by bounds asc, slice_1 asc, slice_2 asc, slice_3 asc) as cell,
    pca_1,
    pca_2,
    pca_3
from slice_3
