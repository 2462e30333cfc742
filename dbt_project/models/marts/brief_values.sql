-- Grain: one row per campaign brief, criterion and value that it lists, found among the codes, clusters and influencers that there are.
with listed as (

    select
        *,
        {{ fold('value_as_written') }} as value_folded,
        case when value_as_written like '%:%' then lower(split_part(value_as_written, ':', 1)) end as platform_written,
        lower(trim(leading '@' from case when value_as_written like '%:%' then split_part(value_as_written, ':', 2) else value_as_written end)) as handle_written
    from {{ ref('int_brief_values') }}

),

influencers as (

    select
        influencer_key,
        platform,
        lower(handle) as handle_in_lower_case
    from {{ ref('dim_influencers') }}

),

clusters as (

    select * from {{ ref('dim_clusters') }}

),

-- every name by which a value can be meant
names as (

    select
        'platform' as criterion,
        platform_name as name,
        platform as code
    from {{ ref('platforms') }}
    union all
    select
        'country' as criterion,
        country_name as name,
        country_code as code
    from {{ ref('country_names') }}
    union all
    select
        'language' as criterion,
        language_name as name,
        language_code as code
    from {{ ref('language_names') }}
    union all
    select
        'category' as criterion,
        category_name as name,
        category as code
    from {{ ref('categories') }}
    union all
    select
        'tier' as criterion,
        tier as name,
        tier as code
    from {{ ref('tiers') }}
    union all
    select
        'cluster' as criterion,
        cluster_key as name,
        cluster_key as code
    from clusters
    union all
    select
        'cluster' as criterion,
        {{ fold('cluster_name_en') }} as name,
        cluster_key as code
    from clusters
    union all
    select
        'cluster' as criterion,
        {{ fold('cluster_name_fr') }} as name,
        cluster_key as code
    from clusters

),

named as (

    select
        listed.brief_id,
        listed.criterion,
        listed.value_as_written,
        case when listed.criterion = 'keyword' then trim(leading '#' from listed.value_folded) else min(names.code) end as value
    from listed
    left join names
        on listed.criterion = names.criterion
        and listed.value_folded = names.name
    where listed.criterion not in ('similar_to', 'excluded')
    group by
        listed.brief_id,
        listed.criterion,
        listed.value_as_written,
        listed.value_folded

),

-- a handle without its platform is everybody who has it
people as (

    select
        listed.brief_id,
        listed.criterion,
        listed.value_as_written,
        influencers.influencer_key as value
    from listed
    left join influencers
        on listed.handle_written = influencers.handle_in_lower_case
        and coalesce(listed.platform_written, influencers.platform) = influencers.platform
    where listed.criterion in ('similar_to', 'excluded')

),

found as (

    select * from named
    union all
    select * from people

),

-- A brief that asks for what there is not would quietly find nobody: the build stops and names it.
checked as (

    select
        case
            when count(*) > count(value)
                then {{ stop_with(
                    "'expected values that are known in seeds/reference/briefs.csv; got ' || "
                    ~ text_in_order("brief_id || ': ' || criterion || ' ' || value_as_written", ', ', ['brief_id', 'criterion', 'value_as_written'], 'value is null')
                    ~ " || '; remedy: mend their spelling or take them out (platforms, countries, languages, categories and tiers are in the seeds "
                    ~ "of seeds/reference, clusters and handles in marts.dim_clusters and marts.dim_influencers)'"
                ) }}
            else 'all known'
        end as outcome
    from found

)

select distinct
    found.brief_id,
    found.criterion,
    found.value_as_written,
    found.value
from found
cross join checked
where checked.outcome = 'all known'
