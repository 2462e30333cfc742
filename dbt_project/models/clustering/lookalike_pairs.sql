-- Grain: one row per influencer and rank: the nearest others within its bounds, by all that distances see.
{%- set axes = ['pca_1', 'pca_2', 'pca_3'] %}
{%- set features = distance_feature_names() %}
{#- What is left of a distance on three of its axes is never more than the whole; the last bits of a double may say otherwise. -#}
{%- set slack = 1.000001 %}
with cells as (

    select * from {{ ref('lookalike_cells') }}

),

scaled as (

    select * from {{ ref('ftr_scaled') }}

),

accounts as (

    select * from {{ ref('int_accounts') }}

),

members as (

    select
        cells.influencer_number,
        -- distances end at the winsorised bound: beyond it all are equals, and the nearest in size come first
        coalesce(accounts.followers_count, 0) as stated_followers_count,
        cells.cell,
        cells.bounds,
        cells.bounds_influencers_count,
        {%- for column in axes %}
        cells.{{ column }},
        {%- endfor %}
        {%- for feature in features %}
        scaled.{{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cells
    inner join scaled
        on cells.influencer_key = scaled.influencer_key
    inner join accounts
        on cells.influencer_key = accounts.influencer_key

),

-- First within the cell. The last of the nearest there bounds how far the nearest of all can be; where a cell holds fewer than are
-- asked for it bounds nothing.
within_cell as (

    select
        own.influencer_number,
        count(*) as others_count,
        {{ smallest(squared_distance('own', 'other', features), var('lookalikes_count') or 1) }} as squared_distances
    from members as own
    inner join members as other
        on own.cell = other.cell
        and own.influencer_number != other.influencer_number
    group by own.influencer_number

),

reach as (

    select
        influencer_number,
        case
            when others_count >= {{ var('lookalikes_count') }} then {{ list_item('squared_distances', var('lookalikes_count') or 1) }}
            else cast('infinity' as double)
        end as squared_reach
    from within_cell

),

boxes as (

    select
        bounds,
        cell,
        {%- for column in axes %}
        min({{ column }}) as {{ column }}_low,
        max({{ column }}) as {{ column }}_high{{ ',' if not loop.last }}
        {%- endfor %}
    from members
    group by
        bounds,
        cell

),

-- Then in every cell that comes within that distance on the principal axes. Nobody in another can be nearer: the axes stand at right
-- angles, so that a distance along them is a part of the whole. The result is that of comparing everybody with everybody.
gaps as (

    select
        members.*,
        boxes.cell as other_cell,
        coalesce(reach.squared_reach, cast('infinity' as double)) * {{ slack }} as squared_reach,
        {% for column in axes -%}
        power(greatest(boxes.{{ column }}_low - members.{{ column }}, members.{{ column }} - boxes.{{ column }}_high, 0.0), 2){{ ' + ' if not loop.last }}
        {%- endfor %} as squared_gap
    from members
    inner join boxes
        on members.bounds = boxes.bounds
    -- alone in its cell
    left join reach
        on members.influencer_number = reach.influencer_number

),

-- All of an influencer goes along: joined to its features once more, the plan may begin with pairs of everybody.
searched as (

    select
        *,
        row_number() over (
            partition by influencer_number
            order by other_cell = cell desc, squared_gap asc, other_cell asc
        ) as place
    from gaps
    where squared_gap <= squared_reach

),

compared as (

    select
        searched.influencer_number,
        other.influencer_number as lookalike_number,
        searched.squared_reach,
        abs(searched.stated_followers_count - other.stated_followers_count) as followers_difference,
        {{ squared_distance('searched', 'other', features) }} as squared_distance
    from searched
    inner join members as other
        on searched.other_cell = other.cell
    where
        searched.influencer_number != other.influencer_number
        -- beyond the bound it is the nearest cells only: the stated approximation
        and (
            searched.bounds_influencers_count <= {{ var('lookalike_exact_influencers') }}
            or searched.place <= {{ var('lookalike_cells_searched') }}
        )
        and {{ squared_distance('searched', 'other', axes) }} <= searched.squared_reach

),

ranked as (

    select
        influencer_number,
        lookalike_number,
        sqrt(squared_distance) as distance,
        -- numbers are in the order of the keys: of equals in everything the smaller key
        row_number() over (
            partition by influencer_number
            order by squared_distance asc, followers_difference asc, lookalike_number asc
        ) as rank
    from compared
    where squared_distance <= squared_reach

)

select
    own.influencer_key,
    ranked.rank,
    other.influencer_key as lookalike_key,
    ranked.distance,
    own.bounds_influencers_count <= {{ var('lookalike_exact_influencers') }} as is_exact
from ranked
inner join cells as own
    on ranked.influencer_number = own.influencer_number
inner join cells as other
    on ranked.lookalike_number = other.influencer_number
where ranked.rank <= {{ var('lookalikes_count') }}
