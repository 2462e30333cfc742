-- Grain: one row per influencer who is compared and cell: those nearest to it.
{%- set axes = lookalike_axes() %}
{%- set first = [var('lookalike_cells_searched') // 2, 1] | max %}
with cells as (

    select * from {{ ref('lookalike_cells') }}

),

boxes as (

    select * from {{ ref('lookalike_cell_boxes') }}

),

-- All of an influencer goes along: joined to it once more, the plan may begin with pairs of everybody and all cells.
near as (

    select
        cells.influencer_number,
        cells.cell,
        {%- for axis in axes %}
        cells.{{ axis }},
        {%- endfor %}
        {{ each_item('boxes.near_cells') }} as other_cell
    from cells
    inner join boxes
        on cells.cell = boxes.cell

),

-- Of the cells that lie nearest to its own, those nearest to the influencer. The gap to a box says how near its members can be, the distance to
-- its middle how near they are; three parts of one and one of the other find more than either. Its own cell comes first.
listed as (

    select
        near.influencer_number,
        {{ smallest(
            ranked_number(
                'case when near.other_cell = near.cell then cast(0 as double) else 1 + ' ~ squared_gap('near', 'boxes')
                ~ ' + (' ~ squared_distance('near', 'boxes', axes) ~ ') * 3 / 10 end',
                'near.other_cell'
            ),
            var('lookalike_cells_searched')
        ) }} as near_cells
    from near
    inner join boxes
        on near.other_cell = boxes.cell
    group by near.influencer_number

),

ranked as (

    select
        influencer_number,
        {{ list_item('near_cells', first) }} as last_of_first,
        {{ each_item('near_cells') }} as ranked_cell
    from listed

)

select
    influencer_number,
    {{ number_of_ranked('ranked_cell') }} as cell,
    -- fewer than that many are all among the first
    ranked_cell <= coalesce(last_of_first, ranked_cell) as is_first
from ranked
