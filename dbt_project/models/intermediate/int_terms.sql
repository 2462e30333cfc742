-- Grain: one row per term of the vocabulary: used by neither too few influencers nor too many.
with influencer_terms as (

    select * from {{ ref('int_influencer_terms') }}

),

known as (

    select count(distinct influencer_key) as influencers_count
    from influencer_terms

),

counted as (

    select
        term,
        count(*) as influencers_count
    from influencer_terms
    group by term

),

bounded as (

    select
        counted.term,
        counted.influencers_count,
        counted.influencers_count / known.influencers_count as share_ratio,
        -- of terms used equally often the first in the alphabet
        row_number() over (order by counted.influencers_count desc, counted.term asc) as place
    from counted
    cross join known
    where
        counted.influencers_count >= {{ var('content_min_influencers') }}
        and counted.influencers_count <= {{ var('content_max_share') }} * known.influencers_count

)

select
    term,
    influencers_count,
    share_ratio
from bounded
where place <= {{ var('content_max_terms') }}
