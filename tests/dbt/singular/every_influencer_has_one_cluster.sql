-- SQL assigns every row: whoever is described is clustered, and nobody else.
select
    influencers.influencer_key as described,
    assignments.influencer_key as assigned
from {{ ref('ftr_influencers') }} as influencers
full join {{ ref('ml_assignments') }} as assignments
    on influencers.influencer_key = assignments.influencer_key
where influencers.influencer_key is distinct from assignments.influencer_key
