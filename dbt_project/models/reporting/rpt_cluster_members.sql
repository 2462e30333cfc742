-- Grain: one row per cluster, role and rank: the members that its page shows.
with influencers as (

    select * from {{ ref('dim_influencers') }}

),

assignments as (

    select * from {{ ref('ml_assignments') }}

),

members as (

    select
        influencers.*,
        assignments.distance,
        median(influencers.imputed_features_count) over (partition by influencers.cluster_key) as cluster_imputed_features_count
    from influencers
    inner join assignments
        on influencers.influencer_key = assignments.influencer_key

),

-- the key ends every order, so that equals come in the same order in every build
ranked as (

    select
        *,
        -- Who is unknown sits at the medians, near many a centre, and is typical of nothing: the better known half comes first.
        row_number() over (
            partition by cluster_key
            order by imputed_features_count > cluster_imputed_features_count asc, distance asc, influencer_key asc
        ) as typical_rank,
        row_number() over (partition by cluster_key order by confidence asc nulls last, influencer_key asc) as borderline_rank,
        row_number() over (partition by cluster_key order by followers_count desc nulls last, influencer_key asc) as largest_rank
    from members

),

chosen as (

    {%- for role, most, condition in [
        ('typical', var('members_featured'), "cluster_key != 'noise'"),
        ('borderline', var('members_featured'), 'runner_up_cluster_key is not null'),
        ('largest', var('members_shown'), 'true'),
    ] %}
    select
        *,
        '{{ role }}' as role,
        {{ role }}_rank as rank
    from ranked
    where
        {{ role }}_rank <= {{ most }}
        and {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    cluster_key,
    role,
    rank,
    influencer_key,
    platform,
    handle,
    display_name,
    profile_url,
    followers_count,
    tier,
    country_code as country,
    category,
    er_followers,
    posts_per_week,
    confidence,
    runner_up_cluster_key
from chosen
