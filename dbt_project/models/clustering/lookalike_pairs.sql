-- Grain: one row per influencer and rank: the nearest others within its bounds, by all that distances see.
{%- set features = distance_feature_names() %}
with cells as (

    select * from {{ ref('lookalike_cells') }}

),

scaled as (

    select * from {{ ref('ftr_scaled') }}

),

accounts as (

    select * from {{ ref('int_accounts') }}

),

near_cells as (

    select * from {{ ref('lookalike_near_cells') }}

),

searches as (

    select * from {{ ref('lookalike_searches') }}

),

members as (

    select
        cells.influencer_number,
        cells.cell,
        cells.bounds_influencers_count <= {{ var('lookalike_exact_influencers') }} as is_exact,
        -- distances end at the winsorised bound: beyond it all are equals, and the nearest in size come first
        coalesce(accounts.followers_count, 0) as stated_followers_count,
        {%- for feature in features %}
        scaled.{{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cells
    inner join scaled
        on cells.influencer_key = scaled.influencer_key
    inner join accounts
        on cells.influencer_key = accounts.influencer_key

),

-- Up to the bound: everybody within reach. No condition is between the two of a pair alone, or it would be taken for a way to join everybody with
-- everybody.
within_reach as (

    select
        searches.influencer_number,
        other.influencer_number as lookalike_number
    from searches
    inner join members as own
        on searches.influencer_number = own.influencer_number
    inner join members as other
        on searches.cell = other.cell
    where {{ squared_distance('own', 'other', features) }} <= searches.squared_reach

),

-- Beyond it: of the cells listed, half as many more than are asked for, for equals are put in order below; and itself.
listed as (

    select
        own.influencer_number,
        {{ smallest(ranked_number(squared_distance('own', 'other', features), 'other.influencer_number'), var('lookalikes_count') * 3 // 2 + 1) }} as others
    from near_cells
    inner join members as own
        on near_cells.influencer_number = own.influencer_number
    inner join members as other
        on near_cells.cell = other.cell
    where not own.is_exact
    group by own.influencer_number

),

candidates as (

    select
        influencer_number,
        lookalike_number
    from within_reach
    union all
    select
        influencer_number,
        {{ number_of_ranked('other') }} as lookalike_number
    from (
        select
            influencer_number,
            {{ each_item('others') }} as other
        from listed
    ) as each_listed

),

compared as (

    select
        candidates.influencer_number,
        candidates.lookalike_number,
        abs(own.stated_followers_count - other.stated_followers_count) as followers_difference,
        {{ squared_distance('own', 'other', features) }} as squared_distance
    from candidates
    inner join members as own
        on candidates.influencer_number = own.influencer_number
    inner join members as other
        on candidates.lookalike_number = other.influencer_number
    where candidates.influencer_number != candidates.lookalike_number

),

ranked as (

    select
        influencer_number,
        lookalike_number,
        sqrt(squared_distance) as distance,
        -- numbers are in the order of the keys: of equals in everything the smaller key
        row_number() over (
            partition by influencer_number
            order by squared_distance asc, followers_difference asc, lookalike_number asc
        ) as rank
    from compared

)

select
    own.influencer_key,
    ranked.rank,
    other.influencer_key as lookalike_key,
    ranked.distance,
    own.bounds_influencers_count <= {{ var('lookalike_exact_influencers') }} as is_exact
from ranked
inner join cells as own
    on ranked.influencer_number = own.influencer_number
inner join cells as other
    on ranked.lookalike_number = other.influencer_number
where ranked.rank <= {{ var('lookalikes_count') }}
