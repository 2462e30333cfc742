-- Grain: one row per cluster, those of earlier models among them: a name that says its size, its niche where it has one, and what stands out, in English and French,
-- never two alike.
with profiles as (

    select * from {{ ref('ml_profiles') }}

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

),

tiers as (

    select * from {{ ref('tiers') }}

),

accounts as (

    select
        influencer_key,
        category
    from {{ ref('int_accounts') }}

),

assignments as (

    select
        influencer_key,
        cluster_key
    from {{ ref('ml_assignments') }}

),

category_names as (

    select * from {{ ref('category_names') }}

),

overrides as (

    select
        cluster_key,
        nullif(trim(cluster_name_en), '') as name_en,
        nullif(trim(cluster_name_fr), '') as name_fr
    from {{ ref('cluster_name_overrides') }}

),

refit as (

    select * from {{ ref('ftr_refit') }}

),

fitted_clusters as (

    select cluster_key
    from {{ ref('ml_clusters') }}
    where cluster_ordinal is not null

),

accepted_names as (

    select
        accepted.cluster_key,
        accepted.cluster_name_en,
        accepted.cluster_name_fr
    from {{ ref('accepted_clusters') }} as accepted
    cross join refit
    -- A name lives as long as its model: a segment that is called otherwise every morning is no segment. A cluster that only an older
    -- model had keeps the name it had then.
    where
        not refit.is_refit
        or accepted.cluster_key not in (select fitted_clusters.cluster_key from fitted_clusters)

),

sizes as (

    select
        profiles.cluster_key,
        coalesce(tiers.label_en, 'Size unknown') as size_en,
        coalesce(tiers.label_fr, 'Taille inconnue') as size_fr
    from profiles
    left join tiers
        on profiles.cluster_median >= tiers.followers_from
        and profiles.cluster_median < coalesce(tiers.followers_below, cast('infinity' as double))
    where profiles.feature = 'followers_count'

),

-- one feature speaks for its block: two words for the same thing would say nothing more
standouts_by_block as (

    select
        profiles.cluster_key,
        case when profiles.robust_z > 0 then catalogue.high_en else catalogue.low_en end as word_en,
        case when profiles.robust_z > 0 then catalogue.high_fr else catalogue.low_fr end as word_fr,
        -- half a standard deviation is the least that a reader would notice; below it a word only parts names that meet
        abs(profiles.robust_z) >= 0.5 as is_marked,
        row_number() over (
            partition by profiles.cluster_key
            order by abs(profiles.robust_z) desc, catalogue.feature_order asc
        ) as place,
        row_number() over (
            partition by profiles.cluster_key, catalogue.block
            order by abs(profiles.robust_z) desc, catalogue.feature_order asc
        ) as place_in_block
    from profiles
    inner join catalogue
        on profiles.feature = catalogue.feature
    where
        profiles.feature != 'followers_count'
        and abs(profiles.robust_z) >= 0.1
        -- what is unknown of most members is not what marks them
        and profiles.known_share_ratio >= 0.5

),

standouts as (

    select * from standouts_by_block
    where place_in_block = 1

),

categories as (

    select
        assignments.cluster_key,
        accounts.category,
        count(*) as influencers_count
    from assignments
    inner join accounts
        on assignments.influencer_key = accounts.influencer_key
    group by
        assignments.cluster_key,
        accounts.category

),

-- shares among those of whom the category is known, in the cluster and among everybody
category_shares as (

    select
        cluster_key,
        category,
        influencers_count / nullif(sum(case when category is not null then influencers_count end) over (partition by cluster_key), 0)
            as share_ratio,
        sum(influencers_count) over (partition by category)
        / nullif(sum(case when category is not null then influencers_count end) over (), 0) as overall_share_ratio,
        sum(case when category is not null then influencers_count end) over (partition by cluster_key)
        / sum(influencers_count) over (partition by cluster_key) as known_share_ratio
    from categories

),

niches_in_order as (

    select
        category_shares.cluster_key,
        category_names.label_en as word_en,
        category_names.label_fr as word_fr,
        row_number() over (
            partition by category_shares.cluster_key
            order by category_shares.share_ratio desc, category_shares.category asc
        ) as place
    from category_shares
    inner join category_names
        on category_shares.category = category_names.category
    where
        category_shares.share_ratio >= {{ var('niche_min_share') }}
        and category_shares.share_ratio >= {{ var('niche_min_lift') }} * category_shares.overall_share_ratio
        -- as for features: what is unknown of most members is not what marks them
        and category_shares.known_share_ratio >= 0.5
        -- "other" is the name of no niche
        and category_shares.category != 'other'

),

niches as (

    select * from niches_in_order
    where place = 1

),

words as (

    select
        cluster_key,
        0 as place,
        true as is_marked,
        word_en,
        word_fr
    from niches
    union all
    select
        cluster_key,
        place,
        is_marked,
        word_en,
        word_fr
    from standouts

),

ordered_words as (

    select
        cluster_key,
        {{ list_in_order('word_en', ['place'], 'is_marked') }} as words_en,
        {{ list_in_order('word_fr', ['place'], 'is_marked') }} as words_fr,
        min_by(word_en, place) filter (where not is_marked) as faint_en,
        min_by(word_fr, place) filter (where not is_marked) as faint_fr
    from words
    group by cluster_key

),

-- two words say enough; one more is kept for names that meet
worded as (

    select
        sizes.cluster_key,
        concat_ws(
            ' · ', sizes.size_en, coalesce({{ list_item('ordered_words.words_en', 1) }}, 'close to everybody''s average'), {{ list_item('ordered_words.words_en', 2) }}
        ) as name_en,
        concat_ws(
            ' · ', sizes.size_fr, coalesce({{ list_item('ordered_words.words_fr', 1) }}, 'proches de la moyenne'), {{ list_item('ordered_words.words_fr', 2) }}
        ) as name_fr,
        coalesce({{ list_item('ordered_words.words_en', 3) }}, ordered_words.faint_en) as spare_en,
        coalesce({{ list_item('ordered_words.words_fr', 3) }}, ordered_words.faint_fr) as spare_fr
    from sizes
    left join ordered_words
        on sizes.cluster_key = ordered_words.cluster_key

),

lengthened as (

    select
        cluster_key,
        case
            when cluster_key = 'noise' then 'Outside every cluster'
            -- one cluster is no segment, and its name should not pretend
            when count(*) over () = 1 then 'Everybody'
            when count(*) over (partition by name_en) > 1 then concat_ws(' · ', name_en, spare_en)
            else name_en
        end as name_en,
        case
            when cluster_key = 'noise' then 'Hors de tout groupe'
            when count(*) over () = 1 then 'Tout le monde'
            when count(*) over (partition by name_fr) > 1 then concat_ws(' · ', name_fr, spare_fr)
            else name_fr
        end as name_fr
    from worded

),

generated as (

    select
        coalesce(lengthened.cluster_key, accepted_names.cluster_key) as cluster_key,
        coalesce(accepted_names.cluster_name_en, lengthened.name_en) as name_en,
        coalesce(accepted_names.cluster_name_fr, lengthened.name_fr) as name_fr
    from lengthened
    full outer join accepted_names
        on lengthened.cluster_key = accepted_names.cluster_key

),

-- a name that a person gave stands as it is; a language that they left empty keeps the name made here
overridden as (

    select
        generated.cluster_key,
        generated.name_en as generated_name_en,
        generated.name_fr as generated_name_fr,
        coalesce(overrides.name_en, generated.name_en) as name_en,
        coalesce(overrides.name_fr, generated.name_fr) as name_fr,
        overrides.name_en is not null as is_given_en,
        overrides.name_fr is not null as is_given_fr
    from generated
    left join overrides
        on generated.cluster_key = overrides.cluster_key

),

-- Where names still meet, whatever their case, the key parts them: a build should not fail over a name. A given name gives way only
-- to another given one.
parted as (

    select
        cluster_key,
        generated_name_en,
        generated_name_fr,
        {%- for language in ['en', 'fr'] %}
        name_{{ language }},
        count(*) over (partition by lower(name_{{ language }})) > 1
        and (
            not is_given_{{ language }}
            or count(case when is_given_{{ language }} then 1 end) over (partition by lower(name_{{ language }})) > 1
        ) as meets_{{ language }}{{ ',' if not loop.last }}
        {%- endfor %}
    from overridden

)

select
    cluster_key,
    case when meets_en then name_en || ' (' || cluster_key || ')' else name_en end as cluster_name_en,
    case when meets_fr then name_fr || ' (' || cluster_key || ')' else name_fr end as cluster_name_fr,
    generated_name_en,
    generated_name_fr
from parted
