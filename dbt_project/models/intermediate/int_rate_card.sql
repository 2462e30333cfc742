-- Grain: one row per platform and tier that the rate card prices: the latest price of one post.
with card as (

    select
        valid_from,
        lower(trim(platform)) as platform,
        lower(trim(tier)) as tier,
        price_per_post,
        upper(trim(currency)) as currency,
        row_number() over (partition by lower(trim(platform)), lower(trim(tier)) order by valid_from desc, price_per_post desc) as place
    from {{ ref('rate_card') }}

),

tiers as (

    select tier as known_tier
    from {{ ref('tiers') }}

),

platforms as (

    select distinct platform as known_platform
    from {{ ref('platforms') }}

),

matched as (

    select
        card.*,
        tiers.known_tier,
        platforms.known_platform
    from card
    left join tiers
        on card.tier = tiers.known_tier
    left join platforms
        on card.platform = platforms.known_platform

),

checked as (

    select
        case
            when count(*) > count(known_tier) or count(*) > count(known_platform)
                then {{ stop_with(
                    "'expected platforms and tiers of the seeds platforms and tiers in seeds/reference/rate_card.csv; got ' || "
                    ~ text_in_order("concat_ws(' ', platform, tier)", ', ', ['platform', 'tier'], 'known_tier is null or known_platform is null')
                    ~ " || '; remedy: mend their spelling'"
                ) }}
            when count(*) > count(*) filter (where valid_from is not null and price_per_post >= 0)
                then {{ stop_with(
                    "'expected a date in valid_from and a price of 0 or more in every row of seeds/reference/rate_card.csv; got neither for ' || "
                    ~ text_in_order("concat_ws(' ', platform, tier)", ', ', ['platform', 'tier'], 'coalesce(price_per_post, -1) < 0 or valid_from is null')
                    ~ " || '; remedy: fill them in'"
                ) }}
            when count(distinct currency) > 1 or count(*) > count(currency)
                then {{ stop_with(
                    "'expected one currency in seeds/reference/rate_card.csv; got ' || coalesce(min(currency) || ', ' || max(currency), 'none')"
                    ~ " || '; remedy: convert the prices into one'"
                ) }}
            else 'all read'
        end as outcome
    from matched

)

select
    matched.platform,
    matched.tier,
    matched.price_per_post,
    matched.currency,
    matched.valid_from
from matched
cross join checked
where
    checked.outcome = 'all read'
    and matched.place = 1
