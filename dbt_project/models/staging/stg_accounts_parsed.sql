-- Grain: one row per landed account row, usable or not.
{%- set counts = ['followers', 'following', 'posts', 'total_views', 'total_likes'] %}
{%- set averages = ['avg_likes', 'avg_comments', 'avg_views', 'avg_shares', 'avg_interactions'] %}
{%- set checks = [
    ['observed_at_text', 'observed_at_stated', 'observed_at', 'not_a_date'],
    ['account_created_at_text', 'account_created_at', 'account_created_at', 'not_a_date'],
    ['country_text', 'country_code', 'country', 'unknown'],
    ['audience_country_text', 'audience_country_code', 'audience_country', 'unknown'],
    ['category_text', 'category', 'category', 'unknown'],
    ['language_text', 'language', 'language', 'unknown'],
    ['is_verified_text', 'is_verified', 'is_verified', 'not_a_boolean'],
    ['is_business_text', 'is_business', 'is_business', 'not_a_boolean'],
    ['engagement_rate_text', 'er_reported', 'engagement_rate', 'not_a_rate'],
] %}
{%- for column in counts + averages %}
{%- do checks.append([column ~ '_text', column ~ '_number', column, 'not_a_number']) %}
{%- endfor %}
{#- A cell of an own column that cannot be read is told like any other, and never sends its row to quarantine. #}
{%- set own = own_features() %}
{%- for feature in own %}
{%- set problem = 'not_a_boolean' if feature.transform == 'flag' else 'not_a_number' if feature.transform == 'none' else 'not_a_number_from_0' %}
{%- do checks.append(['own_' ~ feature.name ~ '_text', 'own_' ~ feature.name, feature.name, problem]) %}
{%- endfor %}
{#- How tools and people head the line below a list that adds it up. An account may be called so, too: only the last line of a file is
    taken for one, and only if nothing but its name says who it is. #}
{%- set totals = [
    'total', 'totals', 'grand total', 'subtotal', 'sum', 'average', 'avg', 'mean', 'total général', 'total general', 'moyenne', 'somme',
    'summe', 'gesamt', 'durchschnitt', 'suma', 'promedio', 'média', 'soma', 'totale', 'somma',
] %}

with imports as (

    select * from {{ ref('stg_imports') }}
    where table_name = 'accounts'

),

landed as (

    select * from {{ landing_table('accounts') }}

),

platforms as (

    select * from {{ ref('platforms') }}

),

countries as (

    select * from {{ ref('country_names') }}

),

categories as (

    select * from {{ ref('categories') }}

),

languages as (

    select * from {{ ref('language_names') }}

),

-- text with nothing read into it but the spellings of nothing
texts as (

    select
        landed._batch_id as batch_id,
        landed._file_sha256 as file_sha256,
        landed._file as file_name,
        landed._row as row_number_in_file,
        landed._landed_at as landed_at,
        landed.source,
        landed.extra,
        landed.number_locale,
        coalesce(split_part(lower(landed.number_locale), '-', 1) in ('fr', 'de', 'es', 'pt', 'it'), false) as comma_is_decimal,
        imports.date_order,
        imports.units,
        imports.rows_read,
        lower(trim(landed.platform)) as platform_text,
        {{ null_if_blank_key('landed.account_id', 'imports.null_spellings') }} as account_id,
        {{ null_if_blank_key('landed.handle', 'imports.null_spellings') }} as handle_text,
        {{ null_if_blank('landed.observed_at', 'imports.null_spellings') }} as observed_at_text,
        {{ null_if_blank_key('landed.display_name', 'imports.null_spellings') }} as display_name,
        {{ null_if_blank_key('landed.bio', 'imports.null_spellings') }} as bio,
        {{ null_if_blank('landed.profile_url', 'imports.null_spellings') }} as profile_url,
        {%- for column in ['country', 'audience_country', 'category', 'language'] %}
        {{ null_if_unknown('landed.' ~ column, 'imports.null_spellings') }} as {{ column }}_text,
        {%- endfor %}
        {%- for feature in own %}
        {{ null_if_blank(extra_text('landed.extra', feature.column), 'imports.null_spellings') }} as own_{{ feature.name }}_text,
        {%- endfor %}
        {%- for column in ['is_verified', 'is_business', 'account_created_at', 'engagement_rate'] + counts + averages %}
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
        -- `@` is how people point at a handle, not part of it
        nullif(trim(trim(leading '@' from texts.handle_text)), '') as handle,
        {{ parse_timestamp('texts.observed_at_text', 'texts.date_order') }} as observed_at_stated,
        {{ parse_timestamp('texts.account_created_at_text', 'texts.date_order') }} as account_created_at,
        countries.country_code,
        audience_countries.country_code as audience_country_code,
        categories.category,
        languages.language_code as language,
        {{ parse_boolean('texts.is_verified_text') }} as is_verified,
        {{ parse_boolean('texts.is_business_text') }} as is_business,
        {%- for column in counts + averages %}
        {{ in_declared_unit('texts.' ~ column ~ '_text', parse_number('texts.' ~ column ~ '_text'), column) }} as {{ column }}_number,
        {%- endfor %}
        {%- for feature in own %}
        {{ own_columns(feature) }},
        {%- endfor %}
        {{ in_declared_unit('texts.engagement_rate_text', parse_number('texts.engagement_rate_text', percent=true), 'engagement_rate') }} as engagement_rate_number,
        -- a bare rate is a share; over 1 it can only be a percentage that nobody declared
        case
            when engagement_rate_number <= 1 or contains(texts.engagement_rate_text, '%') or texts.units['engagement_rate'] is not null
                then engagement_rate_number
        end as er_reported
    from texts
    left join platforms
        on texts.platform_text = platforms.platform_name
    left join countries
        on {{ fold('texts.country_text') }} = countries.country_name
    left join countries as audience_countries
        on {{ fold('texts.audience_country_text') }} = audience_countries.country_name
    left join categories
        on {{ fold('texts.category_text') }} = categories.category_name
    left join languages
        on {{ language_key('texts.language_text') }} = languages.language_name

)

select
    md5(concat_ws(':', batch_id, file_sha256, 'accounts', row_number_in_file)) as account_row_key,
    platform,
    platform_text as platform_as_found,
    account_id,
    handle,
    lower(handle) as handle_folded,
    -- a profile that states no date was seen when it landed, at the latest
    coalesce(observed_at_stated, landed_at) as observed_at,
    observed_at_stated is null as is_observed_at_assumed,
    display_name,
    bio,
    profile_url,
    country_code,
    audience_country_code,
    language,
    category,
    category_text as category_as_found,
    is_verified,
    is_business,
    cast(account_created_at as date) as account_created_on,
    {%- for column in counts %}
    try_cast(round({{ column }}_number) as bigint) as {{ column }}_count,
    {%- endfor %}
    {%- for column in averages %}
    {{ column }}_number as {{ column }},
    {%- endfor %}
    er_reported,
    {%- for feature in own %}
    own_{{ feature.name }},
    {%- endfor %}
    {{ unreadable_columns(checks) }},
    nullif(concat_ws(
        ';',
        case when platform is null then 'platform:unknown' end,
        case when account_id is null and handle is null then 'key:missing' end,
        case
            when
                lower(handle) in ('{{ totals | join("', '") }}')
                and account_id is null and profile_url is null and row_number_in_file = rows_read
                then 'row:total'
        end,
        case when least({% for column in counts + averages %}{{ column }}_number, {% endfor %}engagement_rate_number) < 0 then 'count:negative' end,
        case
            when
                greatest(followers_number, following_number) > {{ var('max_followers_count') }}
                or greatest(posts_number, total_views_number, total_likes_number{% for column in averages %}, {{ column }}_number{% endfor %})
                > {{ var('max_total_count') }}
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
