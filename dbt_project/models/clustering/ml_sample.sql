-- Grain: one row per influencer that Python may see; platforms in proportion; the same rows in every run.
with scaled as (

    select
        influencer_key,
        platform,
        imputed_features_count < {{ imputable_features_count() }} as is_known
    from {{ ref('ftr_scaled') }}

),

-- Of whom nothing is known that distances see, everything is imputed: thousands on one spot would be the clearest cluster of all.
-- They are fitted on where there is nobody else.
witnesses as (

    select
        *,
        bool_or(is_known) over () as is_any_known
    from scaled

),

ranked as (

    select
        influencer_key,
        platform,
        -- the k-th of n stands for the share k / n of its platform, so the smallest shares fill the sample in proportion
        row_number() over (
            partition by platform
            order by md5(influencer_key || '{{ var('random_seed') }}') asc, influencer_key asc
        ) / count(*) over (partition by platform) as share_of_platform
    from witnesses
    where
        is_known
        or not is_any_known

),

drawn as (

    select influencer_key
    from ranked
    order by
        share_of_platform asc,
        platform asc
    limit {{ var('fit_sample_rows') }}

)

select * from drawn
