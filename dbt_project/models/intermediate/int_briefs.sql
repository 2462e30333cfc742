-- Grain: one row per campaign brief, its figures read; what it lists is in int_brief_values.
{%- set figures = ['followers_min', 'followers_max', 'er_followers_min', 'er_followers_max', 'sponsored_ratio_max', 'posts', 'budget'] %}
with asked as (

    {{ written_briefs() }}

),

texts as (

    select
        nullif(trim(brief_id), '') as brief_id,
        nullif(trim(title), '') as title,
        {%- for figure in figures %}
        nullif(trim({{ figure }}), '') as {{ figure }}_text{{ ',' if not loop.last }}
        {%- endfor %}
    from asked

),

parsed as (

    select
        *,
        {%- for figure in figures %}
        {{ parse_number(figure ~ '_text', comma_is_decimal='false', percent=figure in ['er_followers_min', 'er_followers_max', 'sponsored_ratio_max']) }} as {{ figure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from texts

),

unread as (

    select
        {%- for figure in figures %}
        {{ text_in_order("brief_id || ': " ~ figure ~ " ' || " ~ figure ~ "_text", ', ', ['brief_id'], figure ~ '_text is not null and coalesce(' ~ figure ~ ', -1) < 0') }} as {{ figure }}_unread,
        {%- endfor %}
        count(*) as briefs_count,
        count(distinct brief_id) as ids_count
    from parsed

),

checked as (

    select
        case
            when ids_count < briefs_count
                then {{ stop_with(
                    "'expected a brief_id of its own in every row of seeds/reference/briefs.csv; got ' || briefs_count || ' rows and ' "
                    ~ "|| ids_count || ' of them; remedy: give each brief another name'"
                ) }}
            when concat_ws('', {{ figures | join('_unread, ') ~ '_unread' }}) != ''
                then {{ stop_with(
                    "'expected numbers of 0 or more in seeds/reference/briefs.csv; got ' || concat_ws(', ', "
                    ~ figures | join('_unread, ') ~ "_unread) || '; remedy: write 25000 or 25k, and shares as 0.02 or 2%'"
                ) }}
            else 'all read'
        end as outcome
    from unread

)

select
    parsed.brief_id,
    coalesce(parsed.title, parsed.brief_id) as title,
    {%- for figure in figures %}
    parsed.{{ figure }}{{ ',' if not loop.last }}
    {%- endfor %}
from parsed
cross join checked
where checked.outcome = 'all read'
