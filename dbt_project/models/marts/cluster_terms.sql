-- Grain: one row per cluster and rank: what its members write about, by class-based TF-IDF; what tells it from everybody first.
with influencer_terms as (

    select * from {{ ref('int_influencer_terms') }}

),

vocabulary as (

    select term
    from {{ ref('int_terms') }}

),

assignments as (

    select
        influencer_key,
        cluster_key
    from {{ ref('ml_assignments') }}

),

-- who is known by any term, be it one that nobody else uses: the base of the shares
known as (

    select
        assignments.cluster_key,
        count(distinct influencer_terms.influencer_key) as known_members_count
    from influencer_terms
    inner join assignments
        on influencer_terms.influencer_key = assignments.influencer_key
    group by assignments.cluster_key

),

-- Influencers are counted, not uses: one who puts the same hashtag under every post is one voice.
counted as (

    select
        assignments.cluster_key,
        influencer_terms.term,
        count(*) as influencers_count
    from influencer_terms
    inner join vocabulary
        on influencer_terms.term = vocabulary.term
    inner join assignments
        on influencer_terms.influencer_key = assignments.influencer_key
    group by
        assignments.cluster_key,
        influencer_terms.term

),

totals as (

    select
        *,
        sum(influencers_count) over (partition by cluster_key) as cluster_total,
        sum(influencers_count) over (partition by term) as term_total,
        sum(influencers_count) over () as total
    from counted

),

everybody as (

    select
        sum(known_members_count) as known_count,
        count(*) as clusters_count
    from known

),

-- c-TF-IDF (Grootendorst 2022): the term's share of what the cluster uses, times ln(1 + mean uses of a cluster / uses of the term).
scored as (

    select
        totals.cluster_key,
        totals.term,
        totals.influencers_count,
        known.known_members_count,
        totals.influencers_count / known.known_members_count as share_ratio,
        totals.term_total / everybody.known_count as overall_share_ratio,
        totals.influencers_count / totals.cluster_total
        * ln(1 + totals.total / everybody.clusters_count / totals.term_total) as score,
        -- By members and by all that they use, whichever is less: a cluster that posts every day has used every common hashtag once,
        -- and in one that hardly posts what little there is takes a large share.
        least(
            (totals.influencers_count / known.known_members_count) / (totals.term_total / everybody.known_count),
            (totals.influencers_count / totals.cluster_total) / (totals.term_total / totals.total)
        ) as lift_ratio
    from totals
    inner join known
        on totals.cluster_key = known.cluster_key
    cross join everybody

),

-- A term of a handful of members is an accident. Of thousands of terms some also stand out in any draw of people: what is called
-- distinctive exceeds what such a draw would show.
judged as (

    select
        *,
        lift_ratio >= {{ var('cluster_term_min_lift') }}
        and influencers_count - known_members_count * overall_share_ratio
        >= {{ var('cluster_term_min_errors') }} * sqrt(known_members_count * overall_share_ratio * (1 - overall_share_ratio)) as is_distinctive
    from scored
    where influencers_count >= {{ var('content_min_influencers') }}

),

ranked as (

    select
        *,
        -- of equal scores the first in the alphabet; rounded, or the last bits would decide
        row_number() over (
            partition by cluster_key
            order by is_distinctive desc, round(score, 12) desc, term asc
        ) as rank
    from judged

)

select
    cluster_key,
    rank,
    term,
    influencers_count,
    known_members_count,
    share_ratio,
    overall_share_ratio,
    lift_ratio,
    score,
    is_distinctive
from ranked
where rank <= {{ var('cluster_terms') }}
