-- Grain: one row per cluster, feature that is known of a member, and bin: how the members spread, beside everybody.
{%- set features = feature_catalogue() %}
{%- set most = var('distribution_bins') %}
{#- What is not on a logarithm is a share of posts or weeks, of which there are a dozen values or so: with twice as many bins every other
    one would be empty. #}
{%- set bins = {'none': most // 2} %}

with influencers as (

    select * from {{ ref('dim_influencers') }}

),

spreads as (

    {%- for feature in features %}
    select
        '{{ feature.name }}' as feature,
        {{ bins.get(feature.transform, most) }} as bins,
        {{ quantiles(transformed(feature), ['0', '0.01', '0.99', '1']) }} as quantiles
    from influencers
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- One in a hundred lies beyond each end, and counts in the bin there: a single account of a hundred million would else leave
-- everybody else in the first bins. Where the hundredths meet, the range is the whole of it.
ranges as (

    select
        feature,
        bins,
        case when {{ list_item('quantiles', 2) }} < {{ list_item('quantiles', 3) }} then {{ list_item('quantiles', 2) }} else {{ list_item('quantiles', 1) }} end as low,
        case when {{ list_item('quantiles', 2) }} < {{ list_item('quantiles', 3) }} then {{ list_item('quantiles', 3) }} else {{ list_item('quantiles', 4) }} end as high
    from spreads

),

bins as (

    {%- for bin in range(1, most + 1) %}
    select {{ bin }} as bin
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- of a feature that is the same for everybody there is one bin
edges as (

    select
        ranges.feature,
        bins.bin,
        ranges.low + (bins.bin - 1) * (ranges.high - ranges.low) / ranges.bins as bin_low,
        ranges.low + bins.bin * (ranges.high - ranges.low) / ranges.bins as bin_high
    from ranges
    cross join bins
    where
        bins.bin = 1
        or (ranges.low < ranges.high and bins.bin <= ranges.bins)

),

counted as (

    {%- for feature in features %}
    select
        influencers.cluster_key,
        '{{ feature.name }}' as feature,
        case
            when ranges.low < ranges.high
                then 1 + least(greatest(
                    cast(floor(({{ transformed(feature, 'influencers.' ~ feature.name) }} - ranges.low) / (ranges.high - ranges.low) * ranges.bins) as bigint),
                    0
                ), ranges.bins - 1)
            else 1
        end as bin,
        count(*) as influencers
    from influencers
    inner join ranges
        on ranges.feature = '{{ feature.name }}'
    where influencers.{{ feature.name }} is not null
    group by all
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

known as (

    select
        cluster_key,
        feature,
        sum(influencers) as influencers
    from counted
    group by
        cluster_key,
        feature

),

everybody as (

    select
        feature,
        bin,
        sum(influencers) as influencers,
        sum(sum(influencers)) over (partition by feature) as known
    from counted
    group by
        feature,
        bin

)

select
    known.cluster_key,
    known.feature,
    cast(edges.bin as bigint) as bin,
    case known.feature
        {%- for feature in features %}
        when '{{ feature.name }}' then {{ untransformed(feature, 'edges.bin_low') }}
        {%- endfor %}
    end as bin_from,
    case known.feature
        {%- for feature in features %}
        when '{{ feature.name }}' then {{ untransformed(feature, 'edges.bin_high') }}
        {%- endfor %}
    end as bin_to,
    coalesce(counted.influencers, 0) as influencers,
    coalesce(counted.influencers, 0) / known.influencers as share_ratio,
    coalesce(everybody.influencers / everybody.known, 0) as overall_share_ratio
from known
inner join edges
    on known.feature = edges.feature
left join counted
    on known.cluster_key = counted.cluster_key
    and known.feature = counted.feature
    and edges.bin = counted.bin
left join everybody
    on known.feature = everybody.feature
    and edges.bin = everybody.bin
