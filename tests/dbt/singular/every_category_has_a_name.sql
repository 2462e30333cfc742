-- A category without a word could not name the cluster that it dominates.
select distinct categories.category
from {{ ref('categories') }} as categories
left join {{ ref('category_names') }} as category_names
    on categories.category = category_names.category
where category_names.category is null
