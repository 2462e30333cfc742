-- Grain: one row per landed post row, usable or not.
{%- set counts = ['likes', 'comments', 'shares', 'saves', 'views'] %}
{%- set checks = [
    ['observed_at_text', 'observed_at', 'observed_at', 'not_a_date'],
    ['posted_at_text', 'posted_at', 'posted_at', 'not_a_date'],
    ['duration_text', 'duration_seconds', 'duration', 'not_a_duration'],
    ['language_text', 'language', 'language', 'unknown'],
    ['is_sponsored_text', 'is_sponsored_stated', 'is_sponsored', 'not_a_boolean'],
] %}
{%- for column in counts %}
{%- do checks.append([column ~ '_text', column ~ '_number', column, 'not_a_number']) %}
{%- endfor %}

with imports as (

    select * from {{ ref('stg_imports') }}
    where table_name = 'posts'

),

landed as (

    select * from {{ landing_table('posts') }}

),

platforms as (

    select * from {{ ref('platforms') }}

),

languages as (

    select * from {{ ref('language_names') }}

),

texts as (

    select
        landed._batch_id as batch_id,
        landed._file_sha256 as file_sha256,
        landed._file as file_name,
        landed._row as row_number_in_file,
        landed._landed_at as landed_at,
        landed.source,
        landed.extra,
        coalesce(split_part(lower(landed.number_locale), '-', 1) in ('fr', 'de', 'es', 'pt', 'it'), false) as comma_is_decimal,
        imports.date_order,
        imports.units,
        lower(trim(landed.platform)) as platform_text,
        {{ null_if_blank_key('landed.account_id', 'imports.null_spellings') }} as account_id,
        {{ null_if_blank_key('landed.handle', 'imports.null_spellings') }} as handle_text,
        {{ null_if_blank_key('landed.post_id', 'imports.null_spellings') }} as post_id,
        {{ null_if_blank_key('landed.caption', 'imports.null_spellings') }} as caption,
        {{ null_if_blank_key('landed.hashtags', 'imports.null_spellings') }} as hashtags_text,
        {{ null_if_blank('landed.url', 'imports.null_spellings') }} as url,
        {{ null_if_unknown('landed.language', 'imports.null_spellings') }} as language_text,
        {{ null_if_unknown('landed.media_type', 'imports.null_spellings') }} as media_type_text,
        -- likes that an account hides: common tools write them so
        nullif({{ null_if_blank('landed.likes', 'imports.null_spellings') }}, '-1') as likes_text,
        {%- for column in ['observed_at', 'posted_at', 'duration', 'is_sponsored'] + counts if column != 'likes' %}
        {{ null_if_blank('landed.' ~ column, 'imports.null_spellings') }} as {{ column }}_text{{ ',' if not loop.last }}
        {%- endfor %}
    from landed
    inner join imports
        on landed._batch_id = imports.batch_id
        and landed._file_sha256 = imports.file_sha256

),

parsed as (

    select
        texts.*,
        platforms.platform,
        languages.language_code as language,
        nullif(trim(trim(leading '@' from texts.handle_text)), '') as handle,
        {{ parse_timestamp('texts.observed_at_text', 'texts.date_order') }} as observed_at,
        {{ parse_timestamp('texts.posted_at_text', 'texts.date_order') }} as posted_at,
        {{ parse_duration_seconds('texts.duration_text') }} as duration_seconds,
        {{ parse_boolean('texts.is_sponsored_text') }} as is_sponsored_stated,
        {{ parse_hashtags('coalesce(texts.hashtags_text, ' ~ list_joined(text_found('texts.caption', '#[^\\s#]+'), ' ') ~ ')') }} as hashtags,
        {%- for column in counts %}
        {{ in_declared_unit('texts.' ~ column ~ '_text', parse_number('texts.' ~ column ~ '_text'), column) }} as {{ column }}_number{{ ',' if not loop.last }}
        {%- endfor %}
    from texts
    left join platforms
        on texts.platform_text = platforms.platform_name
    left join languages
        on {{ language_key('texts.language_text') }} = languages.language_name

)

select
    md5(concat_ws(':', batch_id, file_sha256, 'posts', row_number_in_file)) as post_row_key,
    platform,
    platform_text as platform_as_found,
    account_id,
    handle,
    lower(handle) as handle_folded,
    -- a post that has an address but no id is known by its address
    coalesce(post_id, url) as post_id,
    observed_at,
    posted_at,
    case
        when media_type_text is null then null
        when lower(media_type_text) in ('graphimage', 'image', 'photo', 'picture') then 'image'
        when lower(media_type_text) in ('graphvideo', 'video', 'igtv') then 'video'
        when lower(media_type_text) in ('graphsidecar', 'sidecar', 'carousel', 'carousel_album', 'album') then 'carousel'
        when lower(media_type_text) in ('reel', 'reels', 'short', 'shorts', 'clip', 'clips') then 'short_video'
        when lower(media_type_text) in ('text', 'tweet', 'status', 'link') then 'text'
        else 'other'
    end as media_type,
    caption,
    hashtags,
    url,
    language,
    duration_seconds,
    {%- for column in counts %}
    try_cast(round({{ column }}_number) as bigint) as {{ column }}_count,
    {%- endfor %}
    is_sponsored_stated,
    {{ unreadable_columns(checks) }},
    nullif(concat_ws(
        ';',
        case when platform is null then 'platform:unknown' end,
        case when account_id is null and handle is null then 'key:missing' end,
        case when coalesce(post_id, url) is null then 'post_id:missing' end,
        case when least({% for column in counts %}{{ column }}_number{{ ', ' if not loop.last }}{% endfor %}) < 0 then 'count:negative' end,
        case
            when greatest({% for column in counts %}{{ column }}_number{{ ', ' if not loop.last }}{% endfor %}) > {{ var('max_total_count') }}
                then 'count:impossible'
        end
    ), '') as quarantine_reasons,
    source,
    extra,
    file_name,
    file_sha256,
    row_number_in_file,
    batch_id,
    landed_at
from parsed
