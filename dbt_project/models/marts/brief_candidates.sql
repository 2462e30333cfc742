-- Grain: one row per campaign brief and influencer: which of its criteria are not met, and of which nothing is known.
{%- set lists = {'platform': 'platforms', 'country': 'countries', 'language': 'languages', 'category': 'categories', 'tier': 'tiers', 'cluster': 'clusters',
    'keyword': 'keywords', 'excluded': 'left_out'} %}
{%- set features = distance_feature_names() %}
with briefs as (

    select * from {{ ref('int_briefs') }}

),

listed as (

    select * from {{ ref('brief_values') }}

),

influencers as (

    select * from {{ ref('dim_influencers') }}

),

rates as (

    select * from {{ ref('int_rate_card') }}

),

scaled as (

    select * from {{ ref('ftr_scaled') }}

),

terms as (

    select * from {{ ref('int_influencer_terms') }}

),

wanted as (

    select
        briefs.brief_id,
        {%- for criterion, column in lists.items() %}
        -- whom one asks for more of is known already
        {{ list_in_order('listed.value', ['listed.value'], "listed.criterion " ~ ("in ('excluded', 'similar_to')" if criterion == 'excluded' else "= '" ~ criterion ~ "'")) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from briefs
    left join listed
        on briefs.brief_id = listed.brief_id
    group by briefs.brief_id

),

keyword_uses as (

    select
        listed.brief_id,
        terms.influencer_key,
        listed.value
    from listed
    inner join terms
        on terms.term in (listed.value, '#' || listed.value)
    where listed.criterion = 'keyword'
    union
    select
        listed.brief_id,
        influencers.influencer_key,
        listed.value
    from listed
    inner join influencers
        on contains({{ fold('influencers.bio') }}, listed.value)
    where listed.criterion = 'keyword'

),

keywords as (

    select
        brief_id,
        influencer_key,
        count(*) as keywords_met_count
    from keyword_uses
    group by
        brief_id,
        influencer_key

),

writers as (

    select distinct influencer_key
    from terms

),

-- to the nearest of those whom the brief wants more of
distances as (

    select
        listed.brief_id,
        scaled.influencer_key,
        sqrt(min({{ squared_distance('scaled', 'example', features) }})) as similarity_distance
    from listed
    inner join scaled as example
        on listed.value = example.influencer_key
    cross join scaled
    where listed.criterion = 'similar_to'
    group by
        listed.brief_id,
        scaled.influencer_key

),

pairs as (

    select
        briefs.*,
        {%- for column in lists.values() %}
        wanted.{{ column }},
        {%- endfor %}
        influencers.influencer_key,
        influencers.platform,
        influencers.country_code,
        influencers.language,
        influencers.category,
        influencers.tier,
        influencers.cluster_key,
        influencers.followers_count,
        influencers.er_followers,
        influencers.sponsored_ratio,
        coalesce(keywords.keywords_met_count, 0) as keywords_met_count,
        cast({{ list_length('wanted.keywords') }} as bigint) as keywords_count,
        writers.influencer_key is not null or influencers.bio is not null as is_text_known,
        distances.similarity_distance,
        rates.price_per_post * coalesce(briefs.posts, 1) as cost,
        rates.currency
    from briefs
    inner join wanted
        on briefs.brief_id = wanted.brief_id
    cross join influencers
    left join keywords
        on briefs.brief_id = keywords.brief_id
        and influencers.influencer_key = keywords.influencer_key
    left join writers
        on influencers.influencer_key = writers.influencer_key
    left join distances
        on briefs.brief_id = distances.brief_id
        and influencers.influencer_key = distances.influencer_key
    left join rates
        on influencers.platform = rates.platform
        and influencers.tier = rates.tier

),

-- true, false, or null where it is not known; what a brief does not ask for is met by everybody
answered as (

    select
        *,
        {{ list_length('platforms') }} = 0 or array_contains(platforms, platform) as meets_platform,
        {{ list_length('countries') }} = 0 or array_contains(countries, country_code) as meets_country,
        {{ list_length('languages') }} = 0 or array_contains(languages, language) as meets_language,
        case
            when {{ list_length('categories') }} = 0 and keywords_count = 0 then true
            when keywords_met_count > 0 or array_contains(categories, category) then true
            when ({{ list_length('categories') }} = 0 or category is not null) and (keywords_count = 0 or is_text_known) then false
        end as meets_topic,
        {{ list_length('tiers') }} = 0 or array_contains(tiers, tier) as meets_tier,
        {{ list_length('clusters') }} = 0 or array_contains(clusters, cluster_key) as meets_cluster,
        case when followers_min is null and followers_max is null then true
            else followers_count >= coalesce(followers_min, 0) and followers_count <= coalesce(followers_max, followers_count) end as meets_followers,
        case when er_followers_min is null and er_followers_max is null then true
            else er_followers >= coalesce(er_followers_min, 0) and er_followers <= coalesce(er_followers_max, er_followers) end as meets_engagement,
        sponsored_ratio_max is null or sponsored_ratio <= sponsored_ratio_max as meets_sponsored,
        budget is null or cost <= budget as meets_budget,
        not array_contains(left_out, influencer_key) as meets_excluded
    from pairs

)

select
    brief_id,
    influencer_key,
    platform,
    {%- for outcome, test in {'unmet': 'not meets_', 'unknown': 'meets_'}.items() %}
    nullif(concat_ws(
        ';'
        {%- for criterion in brief_criteria() -%}
        ,
        case when {{ test }}{{ criterion }}{{ ' is null' if outcome == 'unknown' }} then '{{ criterion }}' end
        {%- endfor %}
    ), '') as {{ outcome }}_criteria,
    {%- endfor %}
    {% for criterion in brief_criteria() %}case when meets_{{ criterion }} then 0 else 1 end{{ ' + ' if not loop.last }}{% endfor %} as missed_count,
    keywords_count,
    keywords_met_count,
    similarity_distance,
    cost,
    currency
from answered
