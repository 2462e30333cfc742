-- Grain: one row per value of tier and category.
with tiers as (

    select * from {{ ref('tiers') }}

),

category_names as (

    select * from {{ ref('category_names') }}

)

select
    'tier' as dimension,
    tier as value,
    label_en as name_en,
    label_fr as name_fr
from tiers
union all
select
    'category' as dimension,
    category as value,
    label_en as name_en,
    label_fr as name_fr
from category_names
