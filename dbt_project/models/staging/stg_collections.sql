-- Grain: one row per run of `tribu collect` and account that the network answered about.
{%- set columns = {
    'run_id': 'string', 'platform': 'string', 'asked': 'string', 'outcome': 'string', 'account_id': 'string',
    'handle': 'string', 'posts_stated': 'bigint', 'posts_expected': 'bigint', 'posts_received': 'bigint',
    '_batch_id': 'string',
} %}

with imports as (

    select distinct batch_id
    from {{ ref('stg_imports') }}

),

collections as (

    select * from {{ optional_landing_table('collections', columns) }}

)

select
    collections.run_id,
    collections.platform,
    collections.asked,
    collections.outcome,
    collections.account_id,
    collections.handle,
    collections.posts_stated,
    collections.posts_expected,
    collections.posts_received,
    collections._batch_id as batch_id
from collections
-- the row in imports is the commit: what has none was interrupted and does not count
inner join imports
    on collections._batch_id = imports.batch_id
