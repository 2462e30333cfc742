-- Grain: one row per platform and date from which media value rates hold.
{%- set values = ['value_per_like', 'value_per_comment', 'value_per_share', 'value_per_save', 'value_per_thousand_views'] %}
with rates as (

    select
        valid_from,
        lower(trim(platform)) as platform,
        {%- for value in values %}
        {{ value }},
        {%- endfor %}
        upper(trim(currency)) as currency,
        coalesce(least({{ values | join(', ') }}), -1) < 0 as is_unpriced,
        count(*) over (partition by lower(trim(platform)), valid_from) as rows_count
    from {{ ref('media_value_rates') }}

),

platforms as (

    select distinct platform as known_platform
    from {{ ref('platforms') }}

),

matched as (

    select
        rates.*,
        platforms.known_platform
    from rates
    left join platforms
        on rates.platform = platforms.known_platform

),

-- Rates that are passed over would be missed by nobody: the build stops and names them.
checked as (

    select
        case
            when count(*) > count(known_platform)
                then {{ stop_with(
                    "'expected platforms of the seed platforms in seeds/reference/media_value_rates.csv; got ' || "
                    ~ text_in_order("coalesce(platform, 'none')", ', ', ['platform'], 'known_platform is null')
                    ~ " || '; remedy: mend their spelling'"
                ) }}
            when count(*) > count(*) filter (where valid_from is not null and not is_unpriced and rows_count = 1)
                then {{ stop_with(
                    "'expected one row per platform and date in seeds/reference/media_value_rates.csv, with a date and at least one value, none below 0; got other rows for ' || "
                    ~ text_in_order("concat_ws(' ', platform, cast(valid_from as string))", ', ', ['platform', 'valid_from'], 'valid_from is null or is_unpriced or rows_count > 1')
                    ~ " || '; remedy: mend or remove them'"
                ) }}
            when count(distinct currency) > 1 or count(*) > count(currency)
                then {{ stop_with(
                    "'expected one currency in seeds/reference/media_value_rates.csv; got ' || coalesce(min(currency) || ', ' || max(currency), 'none')"
                    ~ " || '; remedy: convert the values into one'"
                ) }}
            else 'all read'
        end as outcome
    from matched

)

select
    matched.platform,
    matched.valid_from,
    -- the day from which the next ones hold; null for the last
    lead(matched.valid_from) over (partition by matched.platform order by matched.valid_from asc) as valid_until,
    {%- for value in values %}
    matched.{{ value }},
    {%- endfor %}
    matched.currency
from matched
cross join checked
where checked.outcome = 'all read'
