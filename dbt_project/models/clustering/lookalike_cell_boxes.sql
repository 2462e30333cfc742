-- Grain: one row per cell of lookalike_cells: the box that its members fill, and the cells that lie nearest.
{%- set axes = lookalike_axes() %}
{%- set nearest = 4 * var('lookalike_cells_searched') %}
with cells as (

    select * from {{ ref('lookalike_cells') }}

),

boxes as (

    select
        bounds,
        cell,
        min(block) as block,
        {%- for axis in axes %}
        min({{ axis }}) as {{ axis }}_low,
        max({{ axis }}) as {{ axis }}_high,
        -- in thousandths, for whole numbers add up to the same in any order
        cast(sum(cast(round({{ axis }} * 1000) as bigint)) as double) / count(*) / 1000 as {{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cells
    group by
        bounds,
        cell

),

blocks as (

    select
        bounds,
        block,
        {%- for axis in axes %}
        (min({{ axis }}_low) + max({{ axis }}_high)) / 2 as {{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from boxes
    group by
        bounds,
        block

),

-- Cells are compared with those of the nearest blocks only: all with all would be more pairs than there are of influencers.
near_blocks as (

    select
        block,
        {{ each_item('others') }} as other
    from (
        select
            own.block,
            {{ smallest(ranked_number(squared_distance('own', 'other', axes), 'other.block'), var('lookalike_cells_searched')) }} as others
        from blocks as own
        inner join blocks as other
            on own.bounds = other.bounds
        group by own.block
    ) as listed

),

near_cells as (

    select
        own.cell,
        {{ smallest(ranked_number(squared_distance('own', 'other', axes), 'other.cell'), nearest) }} as near_cells
    from boxes as own
    inner join near_blocks
        on own.block = near_blocks.block
    inner join boxes as other
        on {{ number_of_ranked('near_blocks.other') }} = other.block
    group by own.cell

)

select
    boxes.cell,
    boxes.bounds,
    {%- for axis in axes %}
    boxes.{{ axis }}_low,
    boxes.{{ axis }}_high,
    boxes.{{ axis }},
    {%- endfor %}
    {{ list_mapped('near_cells.near_cells', 'entry', number_of_ranked('entry')) }} as near_cells
from boxes
inner join near_cells
    on boxes.cell = near_cells.cell
