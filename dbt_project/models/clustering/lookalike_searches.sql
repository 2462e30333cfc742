-- Grain: one row per influencer whose lookalikes are found exactly and cell: those in which they are looked for, and how far off they are at most.
{%- set axes = lookalike_axes() %}
{%- set features = distance_feature_names() %}
{#- What is left of a distance on some of its features is never more than the whole; the last bits of a double may say otherwise. -#}
{%- set slack = 1.000001 %}
with cells as (

    select * from {{ ref('lookalike_cells') }}
    where bounds_influencers_count <= {{ var('lookalike_exact_influencers') }}

),

scaled as (

    select * from {{ ref('ftr_scaled') }}

),

boxes as (

    select * from {{ ref('lookalike_cell_boxes') }}

),

near_cells as (

    select * from {{ ref('lookalike_near_cells') }}

),

members as (

    select
        cells.influencer_number,
        cells.cell,
        {%- for feature in features %}
        scaled.{{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cells
    inner join scaled
        on cells.influencer_key = scaled.influencer_key

),

-- The last of the nearest of the first cells bounds how far the nearest of all can be. Each is its own nearest, for what tells the two of a pair apart
-- in a condition would be taken for a way to join them.
compared as (

    select
        own.influencer_number,
        {{ smallest(squared_distance('own', 'other', features), var('lookalikes_count') + 1) }} as squared_distances
    from near_cells
    inner join members as own
        on near_cells.influencer_number = own.influencer_number
    inner join members as other
        on near_cells.cell = other.cell
    where near_cells.is_first
    group by own.influencer_number

),

reached as (

    select
        cells.*,
        -- where the first cells hold fewer than are asked for they bound nothing
        coalesce({{ list_item('compared.squared_distances', var('lookalikes_count') + 1) }} * {{ slack }}, cast('infinity' as double)) as squared_reach
    from cells
    inner join compared
        on cells.influencer_number = compared.influencer_number

),

-- Every cell of which a member may be within that distance of one of this. Nobody in another can be nearer: a distance on some of
-- the features is a part of the whole. The result is that of comparing everybody with everybody.
reaches as (

    select
        bounds,
        cell,
        max(squared_reach) as squared_reach
    from reached
    group by
        bounds,
        cell

),

within_reach as (

    select
        reaches.cell,
        {{ list_in_order('other.cell', ['other.cell']) }} as cells
    from reaches
    inner join boxes as own
        on reaches.cell = own.cell
    inner join boxes as other
        on reaches.bounds = other.bounds
    where {{ squared_box_gap('own', 'other') }} <= reaches.squared_reach
    group by reaches.cell

),

looked_at as (

    select
        reached.influencer_number,
        reached.squared_reach,
        {%- for axis in axes %}
        reached.{{ axis }},
        {%- endfor %}
        {{ each_item('within_reach.cells') }} as cell
    from reached
    inner join within_reach
        on reached.cell = within_reach.cell

)

select
    looked_at.influencer_number,
    looked_at.cell,
    looked_at.squared_reach
from looked_at
inner join boxes
    on looked_at.cell = boxes.cell
where {{ squared_gap('looked_at', 'boxes') }} <= looked_at.squared_reach
