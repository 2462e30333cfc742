-- The distances of the exact lookalikes of a handful of influencers, beside those of comparing with everybody in their bounds.
{%- set features = distance_feature_names() %}

with lookalikes as (

    select
        influencer_key,
        rank,
        distance
    from {{ ref('influencer_lookalikes') }}

),

cells as (

    select
        influencer_key,
        bounds,
        bounds_influencers_count,
        row_number() over (partition by bounds order by influencer_key asc) as place
    from {{ ref('lookalike_cells') }}

),

members as (

    select
        cells.bounds,
        cells.bounds_influencers_count,
        cells.place,
        scaled.*
    from cells
    inner join {{ ref('ftr_scaled') }} as scaled
        on cells.influencer_key = scaled.influencer_key

),

distances as (

    select
        own.influencer_key,
        own.bounds_influencers_count,
        sqrt({{ squared_distance('own', 'other', features) }}) as distance
    from members as own
    inner join members as other
        on own.bounds = other.bounds
        and own.influencer_key != other.influencer_key
    where own.place <= 5

),

nearest as (

    select
        influencer_key,
        bounds_influencers_count,
        row_number() over (partition by influencer_key order by distance asc) as rank,
        distance
    from distances

)

select
    nearest.influencer_key,
    nearest.rank,
    nearest.distance,
    lookalikes.distance as published_distance
from nearest
left join lookalikes
    on nearest.influencer_key = lookalikes.influencer_key
    and nearest.rank = lookalikes.rank
where
    nearest.rank <= {{ var('lookalikes_count') }}
    -- an approximation is not judged here
    and nearest.bounds_influencers_count <= {{ var('lookalike_exact_influencers') }}
    and (lookalikes.distance is null or abs(nearest.distance - lookalikes.distance) > 1e-9)
