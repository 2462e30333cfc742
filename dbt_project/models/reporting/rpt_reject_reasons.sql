-- Grain: one row per source and reason: records that could not be split into cells, accounts that a network does not show.
with rejects as (

    select * from {{ ref('stg_rejects') }}

),

-- The import tells each fault with its figures; by those it would be a reason of its own for every width of a record.
coded as (

    select
        coalesce(source, 'not stated') as source,
        case
            when reason like '% cells where the header has %' then 'cells:count'
            when reason like 'a quotation mark%' or reason like 'text after a closing quotation mark%' then 'quotation:open'
            when reason = 'bytes that are not UTF-8' then 'text:encoding'
            when reason like 'a record longer than %' then 'record:too_long'
            when reason in ('unknown account', 'suspended account', 'private account') then 'account:' || split_part(reason, ' ', 1)
            else coalesce(reason, 'not stated')
        end as reason
    from rejects

)

select
    source,
    reason,
    count(*) as records
from coded
group by
    source,
    reason
