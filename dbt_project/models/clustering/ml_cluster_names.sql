-- Grain: one row per cluster: a name that says its size and what stands out, in English and French, never two alike.
with profiles as (

    select * from {{ ref('ml_profiles') }}

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

),

tiers as (

    select * from {{ ref('tiers') }}

),

sizes as (

    select
        profiles.cluster_key,
        coalesce(tiers.label_en, 'Size unknown') as size_en,
        coalesce(tiers.label_fr, 'Taille inconnue') as size_fr
    from profiles
    left join tiers
        on profiles.cluster_median >= tiers.followers_from
        and profiles.cluster_median < coalesce(tiers.followers_below, 'infinity'::double)
    where profiles.feature = 'followers_count'

),

-- one feature speaks for its block: two words for the same thing would say nothing more
standouts as (

    select
        profiles.cluster_key,
        case when profiles.robust_z > 0 then catalogue.high_en else catalogue.low_en end as word_en,
        case when profiles.robust_z > 0 then catalogue.high_fr else catalogue.low_fr end as word_fr,
        row_number() over (
            partition by profiles.cluster_key
            order by abs(profiles.robust_z) desc, catalogue.feature_order asc
        ) as place
    from profiles
    inner join catalogue
        on profiles.feature = catalogue.feature
    where
        profiles.feature != 'followers_count'
        -- half a standard deviation is the least that a reader would notice
        and abs(profiles.robust_z) >= 0.5
        -- what is unknown of most members is not what marks them
        and profiles.known_share_ratio >= 0.5
    qualify row_number() over (
        partition by profiles.cluster_key, catalogue.block
        order by abs(profiles.robust_z) desc, catalogue.feature_order asc
    ) = 1

),

worded as (

    select
        sizes.cluster_key,
        concat_ws(
            ' · ', sizes.size_en,
            coalesce(max(standouts.word_en) filter (where standouts.place = 1), 'close to everybody''s average'),
            max(standouts.word_en) filter (where standouts.place = 2)
        ) as name_en,
        concat_ws(
            ' · ', sizes.size_fr,
            coalesce(max(standouts.word_fr) filter (where standouts.place = 1), 'proches de la moyenne'),
            max(standouts.word_fr) filter (where standouts.place = 2)
        ) as name_fr,
        max(standouts.word_en) filter (where standouts.place = 3) as third_en,
        max(standouts.word_fr) filter (where standouts.place = 3) as third_fr
    from sizes
    left join standouts
        on sizes.cluster_key = standouts.cluster_key
    group by
        sizes.cluster_key,
        sizes.size_en,
        sizes.size_fr

),

-- a third word where two names meet, and the key where even that does not part them
lengthened as (

    select
        cluster_key,
        case
            when count(*) over (partition by name_en) > 1 then concat_ws(' · ', name_en, third_en)
            else name_en
        end as name_en,
        case
            when count(*) over (partition by name_fr) > 1 then concat_ws(' · ', name_fr, third_fr)
            else name_fr
        end as name_fr
    from worded

)

select
    cluster_key,
    case
        when cluster_key = 'noise' then 'Outside every cluster'
        -- one cluster is no segment, and its name should not pretend
        when count(*) over () = 1 then 'Everybody'
        when count(*) over (partition by name_en) > 1 then name_en || ' (' || cluster_key || ')'
        else name_en
    end as cluster_name_en,
    case
        when cluster_key = 'noise' then 'Hors de tout groupe'
        when count(*) over () = 1 then 'Tout le monde'
        when count(*) over (partition by name_fr) > 1 then name_fr || ' (' || cluster_key || ')'
        else name_fr
    end as cluster_name_fr
from lengthened
