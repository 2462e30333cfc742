-- Grain: one row per candidate: which floors it passes.
with candidates as (

    select * from {{ ref('ml_candidates') }}

),

judged as (

    select
        *,
        k between {{ var('k_min') }} and {{ var('k_max') }} as passes_k,
        smallest_share >= {{ var('min_cluster_share') }}
        and largest_share <= {{ var('max_cluster_share') }} as passes_shares,
        noise_share <= {{ var('max_noise_share') }} as passes_noise,
        fidelity >= {{ fidelity_floor('algorithm') }} as passes_fidelity,
        -- what could not be measured is not taken as passed
        coalesce(stability >= {{ var('min_stability') }}, false) as passes_stability,
        coalesce(silhouette > null_silhouette + {{ var('null_margin') }}, false) as beats_null
    from candidates

)

select
    candidate_id,
    algorithm,
    k,
    setting,
    silhouette,
    stability,
    null_silhouette,
    {{ stability_reading('stability') }} as stability_reading,
    passes_k,
    passes_shares,
    passes_noise,
    passes_fidelity,
    passes_stability,
    beats_null,
    passes_k and passes_shares and passes_noise and passes_fidelity and passes_stability and beats_null as passes_all
from judged
