-- Grain: one row per influencer that the topics are fitted on and term of the vocabulary; none where an accepted model's topics stay.
with influencer_terms as (

    select * from {{ ref('int_influencer_terms') }}

),

vocabulary as (

    select term
    from {{ ref('int_terms') }}

),

accounts as (

    select
        influencer_key,
        platform
    from {{ ref('int_accounts') }}

),

known as (

    select
        influencer_terms.influencer_key,
        influencer_terms.term,
        influencer_terms.uses_count
    from influencer_terms
    inner join vocabulary
        on influencer_terms.term = vocabulary.term

),

influencers as (

    select distinct influencer_key
    from known

),

ranked as (

    select
        influencers.influencer_key,
        accounts.platform,
        -- as in fit_sample: platforms in proportion
        row_number() over (
            partition by accounts.platform
            order by md5(influencers.influencer_key || '{{ var('random_seed') }}') asc, influencers.influencer_key asc
        ) / count(*) over (partition by accounts.platform) as share_of_platform
    from influencers
    inner join accounts
        on influencers.influencer_key = accounts.influencer_key

),

drawn as (

    select influencer_key
    from ranked
    order by
        share_of_platform asc,
        platform asc
    limit {{ var('fit_sample_rows') }}

)

select
    known.influencer_key,
    known.term,
    known.uses_count
from known
inner join drawn
    on known.influencer_key = drawn.influencer_key
{%- if content_is_seen() %}
where (select refit.is_refit from {{ ref('ftr_refit') }} as refit)
{%- endif %}
