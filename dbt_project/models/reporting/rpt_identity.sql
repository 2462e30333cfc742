-- Grain: one row: how many accounts changed their name, are of one person, or were counted in a way that cannot be.
with renames as (

    select
        count(*) filter (where status in ('kept_by_id', 'kept_by_handle')) as renames_kept,
        count(*) filter (where status = 'applied') as renames_applied,
        count(*) filter (where status = 'proposed') as renames_proposed
    from {{ ref('rename_review') }}

),

links as (

    select
        count(*) as links_stated,
        count(*) filter (where is_applied) as links_applied
    from {{ ref('person_links') }}

),

people as (

    select
        count(*) as people,
        count(*) filter (where accounts_count > 1) as people_with_several_accounts
    from {{ ref('dim_people') }}

),

observed as (

    select count(*) filter (where observed_dates > 1) as influencers_observed_again
    from (
        select
            influencer_key,
            count(distinct cast(observed_at as date)) as observed_dates
        from {{ ref('fct_account_observations') }}
        where not is_observed_at_assumed
        group by influencer_key
    ) as dates

),

grown as (

    select
        count(followers_change_count) as influencers_with_change,
        count(*) filter (where growth_30d_ratio is not null or growth_90d_ratio is not null) as influencers_with_growth
    from {{ ref('dim_influencers') }}

),

anomalies as (

    select
        count(*) filter (where anomaly = 'reset') as counter_resets,
        count(*) filter (where anomaly = 'jump') as counter_jumps
    from {{ ref('fct_counter_anomalies') }}

)

select
    renames.renames_kept,
    renames.renames_applied,
    renames.renames_proposed,
    links.links_stated,
    links.links_applied,
    people.people,
    people.people_with_several_accounts,
    observed.influencers_observed_again,
    grown.influencers_with_change,
    grown.influencers_with_growth,
    anomalies.counter_resets,
    anomalies.counter_jumps
from renames
cross join links
cross join people
cross join observed
cross join grown
cross join anomalies
