-- Grain: one row per candidate clustering that was tried.
with candidates as (

    select * from {{ ref('ml_candidates') }}

),

floors as (

    select * from {{ ref('ml_floors') }}

),

selection as (

    select candidate_id
    from {{ ref('ml_selection') }}

)

select
    candidates.candidate_id,
    candidates.algorithm,
    cast(candidates.k as bigint) as k,
    candidates.setting,
    cast(candidates.fit_rows as bigint) as fit_rows,
    candidates.silhouette,
    candidates.null_silhouette,
    candidates.stability,
    floors.stability_reading,
    candidates.fidelity,
    candidates.smallest_share as smallest_share_ratio,
    candidates.largest_share as largest_share_ratio,
    candidates.noise_share as noise_share_ratio,
    candidates.davies_bouldin,
    candidates.calinski_harabasz,
    candidates.bic,
    cast(candidates.prototypes_count as bigint) as prototypes,
    cast({{ fidelity_floor('candidates.algorithm') }} as double) as min_fidelity_ratio,
    floors.passes_k,
    floors.passes_shares,
    floors.passes_noise,
    floors.passes_fidelity,
    floors.passes_stability,
    floors.beats_null,
    floors.passes_all,
    selection.candidate_id is not null as is_selected
from candidates
inner join floors
    on candidates.candidate_id = floors.candidate_id
left join selection
    on candidates.candidate_id = selection.candidate_id
