-- Grain: one row per cluster of the accepted model and cluster of this fit with members in common, counted on the fit sample.
with fit_sample as (

    select * from {{ ref('fit_sample') }}

),

-- The same influencers, as each model sees them: the accepted one by its own scale.
influencers as (

    select influencers.*
    from {{ ref('ftr_influencers') }} as influencers
    inner join fit_sample
        on influencers.influencer_key = fit_sample.influencer_key

),

accepted_scaling as (

    {{ wide_scaling(ref('accepted_scaling')) }}

),

accepted_topic_scaling as (

    {{ wide_topic_scaling(ref('accepted_topic_scaling')) }}

),

terms as (

    select terms.*
    from {{ ref('int_influencer_terms') }} as terms
    inner join fit_sample
        on terms.influencer_key = fit_sample.influencer_key

),

{{ scored_topics('terms', ref('accepted_topics'), 'accepted_') }},

accepted_sample as (

    select
        influencers.influencer_key,
        {{- scaled_features('accepted_scaling', 'accepted_topics', 'accepted_topic_scaling') }}
    from influencers
    left join accepted_scaling
        on influencers.platform = accepted_scaling.platform
    left join accepted_topic_scaling
        on influencers.platform = accepted_topic_scaling.platform
    left join accepted_topics
        on influencers.influencer_key = accepted_topics.influencer_key

),

accepted_prototypes as (

    select * from {{ ref('accepted_prototypes') }}

),

fitted_prototypes as (

    select
        *,
        {{ cluster_key('cluster_ordinal') }} as cluster_key
    from {{ ref('fit_prototypes') }}

),

{{ scored('accepted_sample', 'accepted_prototypes', 'accepted_') }},

{{ scored('fit_sample', 'fitted_prototypes', 'fitted_') }},

-- noise is no cluster, in neither model
members as (

    select
        accepted_ranked.influencer_key,
        case when accepted_ranked.is_member then {{ list_item('accepted_ranked.cluster_keys', 1) }} end as accepted_key,
        case when fitted_ranked.is_member then {{ list_item('fitted_ranked.cluster_keys', 1) }} end as fitted_key
    from accepted_ranked
    inner join fitted_ranked
        on accepted_ranked.influencer_key = fitted_ranked.influencer_key

),

accepted_centres as (

    select
        members.accepted_key,
        count(*) as accepted_count,
        -- root mean squared distance of the members to their mean
        sqrt({% for feature in distance_feature_names() %}var_pop(fit_sample.{{ feature }}){{ ' + ' if not loop.last }}{% endfor %}) as width,
        {%- for feature in distance_feature_names() %}
        avg(fit_sample.{{ feature }}) as {{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from members
    inner join fit_sample
        on members.influencer_key = fit_sample.influencer_key
    where members.accepted_key is not null
    group by members.accepted_key

),

fitted_centres as (

    select
        members.fitted_key,
        count(*) as fitted_count,
        {%- for feature in distance_feature_names() %}
        avg(fit_sample.{{ feature }}) as {{ feature }}{{ ',' if not loop.last }}
        {%- endfor %}
    from members
    inner join fit_sample
        on members.influencer_key = fit_sample.influencer_key
    where members.fitted_key is not null
    group by members.fitted_key

),

ordinals as (

    select distinct
        cluster_key,
        cluster_ordinal
    from fitted_prototypes

),

pairs as (

    select
        accepted_key,
        fitted_key,
        count(*) as both_count
    from members
    where
        accepted_key is not null
        and fitted_key is not null
    group by
        accepted_key,
        fitted_key

)

select
    pairs.accepted_key as cluster_key,
    ordinals.cluster_ordinal,
    pairs.both_count,
    accepted_centres.accepted_count,
    fitted_centres.fitted_count,
    -- in widths of the accepted cluster; one without any width is a single point, at no distance from itself
    coalesce(
        sqrt({% for feature in distance_feature_names() %}power(accepted_centres.{{ feature }} - fitted_centres.{{ feature }}, 2){{ ' + ' if not loop.last }}{% endfor %})
        / nullif(accepted_centres.width, 0),
        0.0
    ) as centre_distance
from pairs
inner join ordinals
    on pairs.fitted_key = ordinals.cluster_key
inner join accepted_centres
    on pairs.accepted_key = accepted_centres.accepted_key
inner join fitted_centres
    on pairs.fitted_key = fitted_centres.fitted_key
