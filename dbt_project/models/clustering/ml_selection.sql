-- Grain: one row: the candidate that won when the model in force was fitted, and why; no row where there was nothing to cluster.
{%- set pinned_algorithm = var('pinned_algorithm') %}
{%- set pinned_k = var('pinned_k') %}
{%- set is_pinned = pinned_algorithm is not none or pinned_k is not none %}

with refit as (

    select * from {{ ref('ftr_refit') }}

),

candidates as (

    select * from {{ ref('ml_candidates') }}

),

floors as (

    select * from {{ ref('ml_floors') }}

),

-- What a new fit may go on from: a model of the same settings. Under others the question is another one, and so that the answer to it does
-- not depend on what was asked before, nothing is owed to the model that answered then.
forerunner as (

    select
        accepted.algorithm,
        accepted.k
    from {{ ref('accepted_model') }} as accepted
    inner join {{ ref('build_request') }} as request
        on accepted.parameters_fingerprint = request.parameters_fingerprint

),

judged as (

    select
        candidates.*,
        floors.stability_reading,
        floors.beats_null,
        floors.passes_all,
        {%- if is_pinned %}
        floors.passes_fidelity
        {%- if pinned_algorithm is not none %}
        and candidates.algorithm = '{{ pinned_algorithm }}'
        {%- endif %}
        {%- if pinned_k is not none %}
        and candidates.k = {{ pinned_k }}
        {%- else %}
        -- one cluster of everybody is only meant where it is asked for
        and (candidates.k > 1 or candidates.setting is not null)
        {%- endif %} as is_eligible
        {%- else %}
        floors.passes_all as is_eligible
        {%- endif %}
    from candidates
    inner join floors
        on candidates.candidate_id = floors.candidate_id

),

compared as (

    select
        judged.*,
        max(case when is_eligible then silhouette end) over () as best_silhouette,
        -- one cluster of everybody is the answer where there is none, not one of those compared
        count(case when candidate_id != 'kmeans_01' then 1 end) over () as candidates_count,
        count(case when passes_all then 1 end) over () as passing_count,
        count(case when beats_null then 1 end) over () as beating_null_count,
        coalesce(judged.k = forerunner.k, false) as is_same_k,
        coalesce(judged.k = forerunner.k and judged.algorithm = forerunner.algorithm, false) as is_same_kind
    from judged
    left join forerunner
        on true

),

-- The order of preference. Of silhouettes that are as good as equal the clustering that comes back on other rows; of these, which the figures
-- do not part, the one that the model before had, for a dashboard is not to lose its segments over a tie; and then the one that tells most
-- apart; the highest silhouette alone would prefer a few coarse clusters by a hair.
ranked as (

    select
        *,
        {%- for place, continuity in [('place', true), ('place_without_forerunner', false)] %}
        row_number() over (
            order by
                is_eligible desc,
                -- without a winner everybody is one cluster
                case when not is_eligible then candidate_id = 'kmeans_01' end desc nulls last,
                coalesce(silhouette >= best_silhouette - {{ var('silhouette_tolerance') }}, false) desc,
                case stability_reading when 'highly_stable' then 3 when 'stable' then 2 when 'pattern' then 1 else 0 end desc,
                {%- if continuity %}
                is_same_kind desc,
                is_same_k desc,
                {%- endif %}
                k desc,
                stability desc nulls last,
                candidate_id asc
        ) as {{ place }}{{ ',' if not loop.last }}
        {%- endfor %}
    from compared

),

chosen as (

    select
        candidate_id,
        algorithm,
        k,
        setting,
        random_seed,
        fit_rows,
        features_count,
        prototypes_count,
        fidelity,
        inertia,
        silhouette,
        davies_bouldin,
        calinski_harabasz,
        bic,
        smallest_share,
        noise_share,
        stability,
        null_silhouette,
        beats_null as structure_found,
        candidates_count,
        passing_count,
        case
            {%- if is_pinned %}
            when is_eligible and passes_all then 'pinned'
            when is_eligible then 'pinned_below_floors'
            else 'pin_impossible'
            {%- else %}
            when candidates_count = 0 then 'too_few'
            when not is_eligible and beating_null_count = 0 then 'no_structure'
            when not is_eligible then 'not_stable'
            -- the choice says so only where it would have fallen otherwise
            when place_without_forerunner > 1 then 'as_before'
            else 'most_stable'
            {%- endif %}
        end as selection_code,
        case
            {%- if is_pinned %}
            when is_eligible
                then 'Pinned by the settings'
                    || case when passes_all then ', and it passes every floor.' else '; left to its figures it would not have won the choice.' end
            else 'The settings pin '
                || '{{ pinned_algorithm or "any algorithm" }} with {{ "k = " ~ pinned_k if pinned_k is not none else "any k" }}'
                || ', which these data do not allow or SQL could not reproduce; everybody is one cluster.'
            {%- else %}
            when candidates_count = 0
                then 'Too few different influencers to compare clusters: everybody is one cluster.'
            when not is_eligible and beating_null_count = 0
                then 'Of ' || candidates_count || ' candidates tried, none that could be used shows more structure than the same data with every column '
                    || 'shuffled. Segments would be invented: everybody is one cluster.'
            when not is_eligible
                then 'Of ' || candidates_count || ' candidates tried, ' || beating_null_count || ' show more structure than shuffled data, but none of '
                    || 'them is stable enough to be found again on other rows, with clusters of a usable number and size: everybody is one cluster.'
            else 'Of ' || candidates_count || ' candidates tried, ' || passing_count || ' pass every floor. Of those whose silhouette is within '
                || '{{ var("silhouette_tolerance") }} of the highest (' || printf('%.3f', best_silhouette) || ')'
                || case
                    when place_without_forerunner > 1
                        then ' and that are the most stable by Hennig''s reading, this one has as many clusters as the model before'
                            || case when is_same_kind then ', found by the same algorithm' else '' end || ': k = '
                    else ', this one is the most stable by Hennig''s reading, with the most clusters: k = '
                end
                || k || ', silhouette ' || printf('%.3f', silhouette) || ' (shuffled data: '
                || printf('%.3f', null_silhouette) || '), stability ' || printf('%.2f', stability) || '.'
            {%- endif %}
        end as reason
    from ranked
    where place = 1

),

-- What the accepted model won by stays as it was found then, whatever the floors are now.
kept as (

    select
        accepted.candidate_id,
        accepted.algorithm,
        accepted.k,
        accepted.setting,
        accepted.random_seed,
        accepted.fit_rows,
        accepted.features_count,
        accepted.prototypes_count,
        accepted.fidelity,
        accepted.inertia,
        accepted.silhouette,
        accepted.davies_bouldin,
        accepted.calinski_harabasz,
        accepted.bic,
        accepted.smallest_share,
        accepted.noise_share,
        accepted.stability,
        accepted.null_silhouette,
        accepted.structure_found,
        accepted.candidates_count,
        accepted.passing_count,
        accepted.selection_code,
        accepted.reason
    from {{ ref('accepted_model') }} as accepted
    cross join refit
    where not refit.is_refit

)

select chosen.*
from chosen
cross join refit
where refit.is_refit
union all
select * from kept
