-- Question: How many people stand behind the accounts, and how much of the reach do we count twice?
-- Read: Followers of the same person on two platforms are largely the same fans: the largest account is the safe figure.
-- On the sample: 1 row; first platforms_count = 1, people_count = 1499, counted_twice_pct = 0
with people as (

    select * from {{ ref('dim_people') }}

),

person_accounts as (

    select * from {{ ref('person_accounts') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

largest as (

    select
        person_accounts.person_key,
        max(influencers.followers_count) as largest_followers_count
    from person_accounts
    inner join influencers
        on person_accounts.influencer_key = influencers.influencer_key
    group by person_accounts.person_key

)

select
    people.platforms_count,
    count(*) as people_count,
    sum(people.accounts_count) as accounts_count,
    sum(people.followers_count) as followers_added_up_count,
    sum(largest.largest_followers_count) as followers_of_the_largest_count,
    round(100 * (1 - sum(largest.largest_followers_count) / nullif(sum(people.followers_count), 0)), 1) as counted_twice_pct
from people
inner join largest
    on people.person_key = largest.person_key
group by people.platforms_count
order by people.platforms_count asc
