-- Grain: one row per table, column and problem: values in use whose text could not be read and became null.
with accounts as (

    select * from {{ ref('fct_account_observations') }}

),

posts as (

    select * from {{ ref('fct_posts') }}

),

problems as (

    select
        'accounts' as table_name,
        {{ each_item(text_split('parse_problems', ';')) }} as problem
    from accounts

    union all

    select
        'posts' as table_name,
        {{ each_item(text_split('parse_problems', ';')) }} as problem
    from posts

)

select
    table_name,
    split_part(problem, ':', 1) as column_name,
    split_part(problem, ':', 2) as problem,
    count(*) as rows
from problems
where problem is not null
group by
    table_name,
    split_part(problem, ':', 1),
    split_part(problem, ':', 2)
