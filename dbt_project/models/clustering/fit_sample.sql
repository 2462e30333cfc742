-- Grain: one row per influencer that the algorithms are fitted on; platforms in proportion; the same rows in every run.
with scaled as (

    select * from {{ ref('ftr_scaled') }}

),

ranked as (

    select
        *,
        -- the k-th of n stands for the share k / n of its platform, so the smallest shares fill the sample in proportion
        row_number() over (
            partition by platform
            order by md5(influencer_key || '{{ var('random_seed') }}') asc, influencer_key asc
        ) / count(*) over (partition by platform) as share_of_platform
    from scaled

),

drawn as (

    select
        influencer_key,
        {{ distance_feature_names() | join(',\n        ') }}
    from ranked
    order by
        share_of_platform asc,
        platform asc
    limit {{ var('fit_sample_rows') }}

)

select * from drawn
