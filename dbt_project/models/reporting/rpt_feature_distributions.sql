-- Grain: one row per cluster, feature that is known of a member, and bin: how the members spread, beside everybody.
{%- set features = feature_catalogue() %}
{%- set most = var('distribution_bins') %}
{#- What is not on a logarithm is a share of posts or weeks, of which there are a dozen values or so: with twice as many bins every other
    one would be empty. #}
{%- set bins = {'none': most // 2} %}

with influencers as (

    select * from {{ ref('dim_influencers') }}

),

-- One row per influencer and feature, on the scale on which bins are equally wide. A select per feature, each with the ranges of all, is a plan
-- that Spark runs out of memory over.
listed as (

    select
        cluster_key,
        {% set values = [] -%}
        {%- for feature in features -%}
        {%- do values.append(record_of({'feature': "'" ~ feature.name ~ "'", 'value': transformed(feature)})) -%}
        {%- endfor -%}
        {{ each_item(list_of(values)) }} as known
    from influencers

),

scaled as (

    select
        listed.cluster_key,
        listed.known.feature,
        listed.known.value
    from listed
    where listed.known.value is not null

),

spreads as (

    select
        feature,
        case
            {%- for feature in features if feature.transform in bins %}
            when feature = '{{ feature.name }}' then {{ bins[feature.transform] }}
            {%- endfor %}
            else {{ most }}
        end as bins,
        {{ quantiles('value', ['0', '0.01', '0.99', '1']) }} as quantiles
    from scaled
    group by feature

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

    select
        scaled.cluster_key,
        scaled.feature,
        case
            when ranges.low < ranges.high
                then 1 + least(greatest(cast(floor((scaled.value - ranges.low) / (ranges.high - ranges.low) * ranges.bins) as bigint), 0), ranges.bins - 1)
            else 1
        end as bin,
        count(*) as influencers
    from scaled
    inner join ranges
        on scaled.feature = ranges.feature
    group by all

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
