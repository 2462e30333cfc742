-- Grain: one row per campaign brief, criterion and value that it lists: a code, a term or an influencer.
with listed as (

    select * from {{ ref('brief_values') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

)

select
    listed.brief_id,
    listed.criterion,
    case when listed.criterion not in ('keyword', 'similar_to', 'excluded') then listed.value end as code,
    -- names of columns by which a site without names knows what to leave out
    case when listed.criterion = 'keyword' then listed.value end as term,
    influencers.influencer_key,
    influencers.platform,
    influencers.handle
from listed
left join influencers
    on listed.value = influencers.influencer_key
    and listed.criterion in ('similar_to', 'excluded')
