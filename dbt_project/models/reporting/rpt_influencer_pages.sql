-- Grain: one row per influencer with a page of its own: those that the seed influencer_pages names.
with pages as (

    select
        lower(trim(platform)) as platform,
        lower(nullif(trim(leading '@' from trim(handle)), '')) as handle,
        nullif(trim(account_id), '') as account_id
    from {{ ref('influencer_pages') }}

),

influencers as (

    select
        *,
        lower(handle) as handle_in_lower_case
    from {{ ref('dim_influencers') }}

),

matched as (

    select
        pages.platform,
        pages.handle,
        pages.account_id,
        coalesce(by_id.influencer_key, by_handle.influencer_key) as influencer_key
    from pages
    left join influencers as by_id
        on pages.platform = by_id.platform
        and pages.account_id = by_id.account_id
    left join influencers as by_handle
        on pages.platform = by_handle.platform
        and pages.handle = by_handle.handle_in_lower_case
        and pages.account_id is null

),

-- A page that was asked for and is not there would be missed by nobody until somebody looks for it: the build stops and names it.
checked as (

    select
        case
            when count(distinct influencer_key) > {{ var('influencer_pages_most') }}
                then {{ stop_with(
                    "'expected at most " ~ var('influencer_pages_most')
                    ~ " influencers in seeds/reference/influencer_pages.csv (var influencer_pages_most); got '"
                    ~ " || count(distinct influencer_key) || '; remedy: shorten the list'"
                ) }}
            when count(*) > count(influencer_key)
                then {{ stop_with(
                    "'expected every entry of seeds/reference/influencer_pages.csv among the influencers; got none for ' || "
                    ~ text_in_order("concat_ws(' ', platform, handle, account_id)", ', ', ['platform', 'handle', 'account_id'], 'influencer_key is null')
                    ~ " || '; remedy: correct or remove these entries'"
                ) }}
            else 'all found'
        end as outcome
    from matched

),

wanted as (

    select distinct matched.influencer_key
    from matched
    cross join checked
    where checked.outcome = 'all found'

),

lookalikes as (

    select
        influencer_key,
        bool_and(is_exact) as lookalikes_are_exact
    from {{ ref('influencer_lookalikes') }}
    group by influencer_key

)

select
    influencers.influencer_key,
    influencers.platform,
    influencers.account_id,
    influencers.handle,
    influencers.display_name,
    influencers.profile_url,
    influencers.country_code as country,
    influencers.category,
    influencers.tier,
    influencers.cluster_key,
    influencers.runner_up_cluster_key,
    influencers.engagement_basis,
    influencers.observed_at,
    influencers.followers_count,
    influencers.followers_change_count,
    influencers.followers_change_since,
    influencers.known_posts_count,
    influencers.window_posts_count,
    influencers.confidence,
    coalesce(lookalikes.lookalikes_are_exact, true) as lookalikes_are_exact
from wanted
inner join influencers
    on wanted.influencer_key = influencers.influencer_key
left join lookalikes
    on wanted.influencer_key = lookalikes.influencer_key
