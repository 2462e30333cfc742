-- Grain: one row per campaign brief, criterion and value that it lists, as it is written there.
{%- set lists = {
    'platforms': 'platform', 'countries': 'country', 'languages': 'language', 'categories': 'category', 'keywords': 'keyword',
    'tiers': 'tier', 'clusters': 'cluster', 'similar_to': 'similar_to', 'excluded': 'excluded',
} %}
with asked as (

    {{ written_briefs() }}

),

listed as (
    {% for column, criterion in lists.items() %}
    select
        trim(brief_id) as brief_id,
        '{{ criterion }}' as criterion,
        {{ each_item(text_split(column, '[|]')) }} as value_as_written
    from asked
    where {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select distinct
    brief_id,
    criterion,
    trim(value_as_written) as value_as_written
from listed
where trim(value_as_written) != ''
