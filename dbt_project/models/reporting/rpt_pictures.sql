-- Grain: one row per method and number of dimensions: a picture that the map can show, and how far to believe it.
with quality as (

    select * from {{ ref('ml_picture_quality') }}

)

select
    method,
    dimensions,
    rows_count as points,
    neighbours_count as neighbours,
    trustworthiness,
    known_rows_count as known_points,
    displacement_ratio
from quality
