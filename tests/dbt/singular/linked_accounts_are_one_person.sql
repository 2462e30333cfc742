-- Links are followed to their end: both accounts of a link that counts are of the same person.
select
    links.influencer_key,
    links.linked_influencer_key
from {{ ref('person_links') }} as links
left join {{ ref('person_accounts') }} as accounts
    on links.influencer_key = accounts.influencer_key
left join {{ ref('person_accounts') }} as linked_accounts
    on links.linked_influencer_key = linked_accounts.influencer_key
where
    links.is_applied
    and (accounts.person_key is null or accounts.person_key is distinct from linked_accounts.person_key)
