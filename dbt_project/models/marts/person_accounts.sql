-- Grain: one row per account (influencer), with the person whose account it is.
{#- Each round doubles the links that a path may have: after four, accounts sixteen links apart are one person. No recursion, for
    engines differ in it. Data test linked_accounts_are_one_person says when sixteen are not enough. #}
{%- set rounds = 4 %}
with accounts as (

    select * from {{ ref('int_accounts') }}

),

links as (

    select
        influencer_key,
        linked_influencer_key
    from {{ ref('person_links') }}
    where is_applied

),

reached_0 as (

    select
        influencer_key,
        linked_influencer_key
    from links

    union distinct

    select
        linked_influencer_key as influencer_key,
        influencer_key as linked_influencer_key
    from links

    union distinct

    select
        influencer_key,
        influencer_key as linked_influencer_key
    from links

    union distinct

    select
        linked_influencer_key as influencer_key,
        linked_influencer_key
    from links

),

{%- for round in range(1, rounds + 1) %}

reached_{{ round }} as (

    select distinct
        near.influencer_key,
        far.linked_influencer_key
    from reached_{{ round - 1 }} as near
    inner join reached_{{ round - 1 }} as far
        on near.linked_influencer_key = far.influencer_key

),
{%- endfor %}

people as (

    select
        influencer_key,
        min(linked_influencer_key) as person_key,
        count(*) as accounts_count
    from reached_{{ rounds }}
    group by influencer_key

)

select
    accounts.influencer_key,
    coalesce(people.person_key, accounts.influencer_key) as person_key,
    accounts.platform,
    accounts.account_id,
    accounts.handle,
    coalesce(people.accounts_count, 1) as accounts_count
from accounts
left join people
    on accounts.influencer_key = people.influencer_key
