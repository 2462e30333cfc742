-- Grain: one row per change of a name: kept by an id, applied from the seed handle_renames, or proposed for it.
with observations as (

    select * from {{ ref('int_account_observations') }}

),

accounts as (

    select * from {{ ref('int_accounts') }}

),

renames as (

    select * from {{ ref('int_handle_renames') }}

),

entries as (

    select
        lower(trim(platform)) as platform,
        lower(trim(leading '@' from trim(old_handle))) as old_handle,
        lower(trim(leading '@' from trim(new_handle))) as new_handle
    from {{ ref('handle_renames') }}
    where lower(trim(verdict)) = 'different'

),

-- Names that one account has had. Sources write titles differently, so a title is compared within its source; a handle is a handle.
names as (

    select
        influencer_key,
        platform,
        'handle' as name_kind,
        '' as name_source,
        handle_folded as name_folded,
        min_by(handle, observed_at) as name,
        min(observed_at) as first_seen_at,
        max(observed_at) as last_seen_at,
        min_by(followers_count, observed_at) filter (where followers_count is not null) as first_followers_count,
        max_by(followers_count, observed_at) filter (where followers_count is not null) as last_followers_count
    from observations
    where handle_folded is not null
    group by
        influencer_key,
        platform,
        handle_folded

    union all

    select
        influencer_key,
        platform,
        'display_name' as name_kind,
        source as name_source,
        {{ fold('display_name') }} as name_folded,
        min_by(display_name, observed_at) as name,
        min(observed_at) as first_seen_at,
        max(observed_at) as last_seen_at,
        min_by(followers_count, observed_at) filter (where followers_count is not null) as first_followers_count,
        max_by(followers_count, observed_at) filter (where followers_count is not null) as last_followers_count
    from observations
    where display_name is not null
    group by
        influencer_key,
        platform,
        source,
        {{ fold('display_name') }}

),

in_order as (

    select
        *,
        lag(name) over names_of_account as old_name,
        lag(name_folded) over names_of_account as old_name_folded,
        lag(last_seen_at) over names_of_account as old_last_seen_at,
        lag(last_followers_count) over names_of_account as old_followers_count
    from names
    window names_of_account as (
        partition by influencer_key, name_kind, name_source
        order by first_seen_at asc, last_seen_at asc, name_folded asc
    )

),

-- two names in use at once are two ways to write it and no change
changes as (

    select
        in_order.platform,
        in_order.name_kind,
        in_order.old_name,
        in_order.name as new_name,
        case
            when renames.platform is not null and in_order.name_kind = 'handle' then 'applied'
            when accounts.account_id is not null then 'kept_by_id'
            else 'kept_by_handle'
        end as status,
        in_order.influencer_key,
        in_order.influencer_key as new_influencer_key,
        in_order.old_last_seen_at,
        in_order.first_seen_at as new_first_seen_at,
        in_order.old_followers_count,
        in_order.first_followers_count as new_followers_count
    from in_order
    inner join accounts
        on in_order.influencer_key = accounts.influencer_key
    left join renames
        on in_order.platform = renames.platform
        and in_order.name_folded = renames.handle_folded
    where
        in_order.old_name is not null
        and in_order.old_last_seen_at < in_order.first_seen_at

),

-- Accounts that a source listed and no longer lists, and those that it lists anew. Dates that were only assumed from the import say
-- nothing of the order.
sights as (

    select
        influencer_key,
        platform,
        source,
        min(observed_at) as first_seen_at,
        max(observed_at) as last_seen_at,
        min_by(followers_count, observed_at) filter (where followers_count is not null) as first_followers_count,
        max_by(followers_count, observed_at) filter (where followers_count is not null) as last_followers_count
    from observations
    where not is_observed_at_assumed
    group by
        influencer_key,
        platform,
        source

),

spans as (

    select
        influencer_key,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from sights
    group by influencer_key

),

described as (

    select
        sights.influencer_key,
        sights.platform,
        sights.source,
        sights.first_seen_at,
        sights.last_seen_at,
        sights.first_followers_count,
        sights.last_followers_count,
        accounts.account_id,
        accounts.handle,
        lower(accounts.handle) as handle_folded,
        -- the signs between the words of a name are what changes most
        replace(replace(replace(replace(lower(accounts.handle), '.', ''), '_', ''), '-', ''), ' ', '') as handle_letters,
        {{ fold('accounts.display_name') }} as display_name_folded
    from sights
    inner join spans
        on sights.influencer_key = spans.influencer_key
        -- seen by another source before or after, it neither appeared nor vanished here
        and sights.first_seen_at = spans.first_seen_at
        and sights.last_seen_at = spans.last_seen_at
    inner join accounts
        on sights.influencer_key = accounts.influencer_key
    where accounts.handle is not null

),

-- Pairs are looked up by a part of the name and the size, or a million handles would be compared with a million others.
blocks as (

    select
        influencer_key,
        'display_name:' || display_name_folded as block
    from described
    where length(display_name_folded) >= 3

    union distinct

    select
        influencer_key,
        'starts:' || substr(handle_letters, 1, 4) as block
    from described
    where length(handle_letters) >= 4

    union distinct

    select
        influencer_key,
        'ends:' || substr(handle_letters, length(handle_letters) - 3, 4) as block
    from described
    where length(handle_letters) >= 4

),

gone as (

    select
        described.*,
        blocks.block,
        floor(ln(described.last_followers_count) / ln(2)) + shifts.shift as size_class
    from described
    inner join blocks
        on described.influencer_key = blocks.influencer_key
    cross join (values (-1), (0), (1)) as shifts (shift)
    where described.last_followers_count > 0

),

arrived as (

    select
        described.*,
        blocks.block,
        floor(ln(described.first_followers_count) / ln(2)) as size_class
    from described
    inner join blocks
        on described.influencer_key = blocks.influencer_key
    where described.first_followers_count > 0

),

pairs as (

    select distinct
        gone.influencer_key,
        arrived.influencer_key as new_influencer_key,
        gone.platform,
        gone.handle as old_handle,
        arrived.handle as new_handle,
        gone.handle_folded as old_handle_folded,
        arrived.handle_folded as new_handle_folded,
        gone.handle_letters as old_letters,
        arrived.handle_letters as new_letters,
        gone.display_name_folded as old_display_name,
        arrived.display_name_folded as new_display_name,
        gone.last_seen_at,
        arrived.first_seen_at,
        gone.last_followers_count,
        arrived.first_followers_count
    from gone
    inner join arrived
        on gone.platform = arrived.platform
        and gone.source = arrived.source
        and gone.block = arrived.block
        and gone.size_class = arrived.size_class
        and gone.last_seen_at < arrived.first_seen_at
    where
        -- two ids are two accounts, whatever they are called
        (gone.account_id is null or arrived.account_id is null)
        and {{ dbt.datediff('gone.last_seen_at', 'arrived.first_seen_at', 'day') }} <= {{ var('rename_max_gap_days') }}
        and abs(arrived.first_followers_count - gone.last_followers_count)
        <= {{ var('rename_max_follower_change') }} * gone.last_followers_count

),

scored as (

    select
        *,
        case
            when old_letters = new_letters then 'same_letters'
            when old_display_name = new_display_name then 'same_display_name'
            when
                least(length(old_letters), length(new_letters)) >= 5
                and (contains(old_letters, new_letters) or contains(new_letters, old_letters))
                then 'one_within_the_other'
            else 'similar_letters'
        end as name_evidence,
        1 - levenshtein(old_letters, new_letters) / cast(greatest(length(old_letters), length(new_letters)) as double) as name_similarity
    from pairs

),

alike as (

    select
        *,
        case when name_evidence = 'similar_letters' then name_similarity else 1 end as score
    from scored
    where
        name_evidence != 'similar_letters'
        or name_similarity >= {{ var('rename_min_similarity') }}

),

-- Of several the likeliest, from both sides: one account has one handle before and one after.
ranked as (

    select
        alike.*,
        row_number() over (
            partition by alike.influencer_key
            order by
                alike.score desc,
                alike.name_similarity desc,
                abs(alike.first_followers_count - alike.last_followers_count) asc,
                alike.new_handle_folded asc
        ) as new_rank,
        row_number() over (
            partition by alike.new_influencer_key
            order by
                alike.score desc,
                alike.name_similarity desc,
                abs(alike.first_followers_count - alike.last_followers_count) asc,
                alike.old_handle_folded asc
        ) as old_rank
    from alike
    left join entries
        on alike.platform = entries.platform
        and alike.old_handle_folded = entries.old_handle
        and alike.new_handle_folded = entries.new_handle
    -- what a person has looked at and told apart is not proposed again
    where entries.platform is null

)

select
    platform,
    name_kind,
    old_name,
    new_name,
    status,
    cast(null as string) as name_evidence,
    cast(null as double) as name_similarity,
    influencer_key,
    new_influencer_key,
    max(old_last_seen_at) as old_last_seen_at,
    min(new_first_seen_at) as new_first_seen_at,
    max(old_followers_count) as old_followers_count,
    max(new_followers_count) as new_followers_count
from changes
group by
    platform,
    name_kind,
    old_name,
    new_name,
    status,
    influencer_key,
    new_influencer_key

union all

select
    platform,
    'handle' as name_kind,
    old_handle as old_name,
    new_handle as new_name,
    'proposed' as status,
    name_evidence,
    name_similarity,
    influencer_key,
    new_influencer_key,
    last_seen_at as old_last_seen_at,
    first_seen_at as new_first_seen_at,
    last_followers_count as old_followers_count,
    first_followers_count as new_followers_count
from ranked
where
    new_rank = 1
    and old_rank = 1
