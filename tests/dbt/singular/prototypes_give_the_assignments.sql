-- The published model gives the published clusters: nobody scores higher within reach of another cluster than within their own, and
-- who is noise is outside every radius. Sums of the same terms in another order differ in the last bits, hence the 1e-9.
with long as (

    {%- for feature in distance_feature_names() %}
    select
        influencer_key,
        '{{ feature }}' as feature,
        {{ feature }} as value
    from {{ ref('ftr_scaled') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

scores as (

    select
        long.influencer_key,
        prototypes.cluster_key,
        prototypes.prototype_id,
        min(prototypes.bias) - sum(prototypes.weight * power(long.value - prototypes.centre, 2)) as score,
        -- above zero within reach; everywhere where there is no radius
        coalesce(min(prototypes.radius), cast('infinity' as double)) - sqrt(sum(prototypes.weight * power(long.value - prototypes.centre, 2))) as slack
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
        influencers.influencer_key,
        influencers.cluster_key,
        max(scores.score) filter (where scores.slack > 1e-9) as best_score,
        max(scores.score) filter (where scores.cluster_key = influencers.cluster_key and scores.slack > -1e-9) as own_score
    from {{ ref('dim_influencers') }} as influencers
    left join scores
        on influencers.influencer_key = scores.influencer_key
    group by
        influencers.influencer_key,
        influencers.cluster_key

)

select *
from best
where
    (cluster_key = 'noise' and best_score is not null)
    or (cluster_key != 'noise' and (own_score is null or coalesce(best_score - own_score > 1e-9, false)))
