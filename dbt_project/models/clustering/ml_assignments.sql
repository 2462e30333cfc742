-- Grain: one row per influencer: its cluster and the runner-up, by the prototypes; `noise` outside every radius.
with scaled as (

    select * from {{ ref('ftr_scaled') }}

),

prototypes as (

    select * from {{ ref('ml_prototypes') }}

),

{{ scored('scaled', 'prototypes') }},

-- Different biases are those of a mixture, whose scores are logarithms of densities.
kind as (

    select count(distinct bias) > 1 as is_mixture
    from models

)

select
    ranked.influencer_key,
    case when ranked.is_member then {{ list_item('ranked.cluster_keys', '1') }} else 'noise' end as cluster_key,
    case when ranked.is_member then {{ list_item('ranked.distances', '1') }} end as distance,
    {{ list_item('ranked.cluster_keys', 'case when ranked.is_member then 2 else 1 end') }} as runner_up_cluster_key,
    {{ list_item('ranked.distances', 'case when ranked.is_member then 2 else 1 end') }} as runner_up_distance,
    -- 0 where two answers are equally good, 1 where there is no doubt. One cluster of everybody leaves no doubt and no choice.
    case
        -- against the nearest radius: who is outside, and who has nothing but the outside to fall to
        when not ranked.is_member then 1 - ranked.edge
        when {{ list_item('ranked.cluster_keys', '2') }} is null and ranked.edge is not null then 1 - 1 / ranked.edge
        when {{ list_item('ranked.cluster_keys', '2') }} is null then null
        -- the odds between two components: distances alone would ignore how dense and how wide each is
        when kind.is_mixture then 1 - exp({{ list_item('ranked.scores', '2') }} - {{ list_item('ranked.scores', '1') }})
        when greatest({{ list_item('ranked.distances', '1') }}, {{ list_item('ranked.distances', '2') }}) = 0 then 0.0
        -- the simplified silhouette: 0 half-way between two clusters, 1 at the centre of one
        else greatest(({{ list_item('ranked.distances', '2') }} - {{ list_item('ranked.distances', '1') }}) / greatest({{ list_item('ranked.distances', '1') }}, {{ list_item('ranked.distances', '2') }}), 0.0)
    end as confidence
from ranked
cross join kind
