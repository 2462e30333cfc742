-- Every influencer is an account of exactly one person, and the totals are those of the accounts.
with counted as (

    select
        person_accounts.person_key,
        count(*) as accounts_count,
        max(person_accounts.accounts_count) as stated_count,
        sum(influencers.followers_count) as followers_count
    from {{ ref('dim_influencers') }} as influencers
    left join {{ ref('person_accounts') }} as person_accounts
        on influencers.influencer_key = person_accounts.influencer_key
    group by person_accounts.person_key

)

select
    counted.person_key,
    people.person_key as known_person_key
from counted
full outer join {{ ref('dim_people') }} as people
    on counted.person_key = people.person_key
where
    counted.accounts_count is distinct from people.accounts_count
    or counted.accounts_count is distinct from counted.stated_count
    or counted.followers_count is distinct from people.followers_count
