-- The published model gives the published clusters: nobody is nearer to a prototype of another cluster than to their own.
with long as (

    unpivot (select * exclude (platform, imputed_features_count) from {{ ref('ftr_scaled') }})
    on columns(* exclude (influencer_key))
    into name feature value value

),

scores as (

    select
        long.influencer_key,
        prototypes.cluster_key,
        prototypes.prototype_id,
        min(prototypes.bias) - sum(prototypes.weight * power(long.value - prototypes.centre, 2)) as score
    from long
    inner join {{ ref('cluster_prototypes') }} as prototypes
        on long.feature = prototypes.feature
    group by
        long.influencer_key,
        prototypes.cluster_key,
        prototypes.prototype_id

),

best as (

    select
        scores.influencer_key,
        max(scores.score) as best_score,
        max(scores.score) filter (where scores.cluster_key = influencers.cluster_key) as own_score
    from scores
    inner join {{ ref('dim_influencers') }} as influencers
        on scores.influencer_key = influencers.influencer_key
    group by scores.influencer_key

)

-- sums of the same terms in another order differ in the last bits
select *
from best
where
    own_score is null
    or best_score - own_score > 1e-9
