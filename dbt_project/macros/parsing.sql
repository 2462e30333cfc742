{#
Text as people write it, parsed in SQL. Every macro takes an expression that gives text and returns an expression that is null
where the text cannot be read; the caller tells "nothing there" from "not readable" with `is null` on the text (see
`unreadable`). Patterns avoid `\d` and look-arounds, which engines read differently.
#}


{# Text with the spellings of "nothing" turned into null. `spellings` is a list column with those that the mapping declares. #}
{% macro null_if_blank(text, spellings='null_spellings') -%}
    case
        when {{ text }} is null then null
        when lower(trim({{ text }})) in (
            '', '-', '--', '—', '–', '.', '?', 'n/a', 'n/a''', '#n/a', 'na', 'n.a.', 'nan', '<na>', 'null', '(null)', 'none', 'nil',
            'undefined', '#valor!', '#value!', '#wert!', '#valeur!', '#ref!', '#div/0!', '#name?', '#num!', 'inf', '-inf'
        ) then null
        when array_contains({{ spellings }}, trim({{ text }})) then null
        else trim({{ text }})
    end
{%- endmacro %}


{# For names of places and topics, where `unknown` and a lone zero say nothing either. #}
{% macro null_if_unknown(text, spellings='null_spellings') -%}
    case
        when lower(trim({{ text }})) in ('unknown', 'not available', 'not set', 'desconocido', 'inconnu', 'unbekannt', '0') then null
        else {{ null_if_blank(text, spellings) }}
    end
{%- endmacro %}


{# For names of accounts, where `none` or `na` may be somebody: only what no account can be called is nothing. #}
{% macro null_if_blank_key(text, spellings='null_spellings') -%}
    case
        when {{ text }} is null then null
        when lower(trim({{ text }})) in ('', '-', '--', '—', '–', 'n/a', 'n/a''', '#n/a', 'nan', 'null', '(null)', '#valor!', '#value!', '#ref!')
            then null
        when array_contains({{ spellings }}, trim({{ text }})) then null
        else trim({{ text }})
    end
{%- endmacro %}


{# Expressions for the groups 1 … `count` of a pattern, at their own index (0 is the whole match). #}
{% macro regexp_groups(text, pattern, count) -%}
    {%- set groups = [] -%}
    {%- for group in range(count + 1) -%}
        {%- do groups.append("regexp_extract(" ~ text ~ ", '" ~ pattern ~ "', " ~ group ~ ")") -%}
    {%- endfor -%}
    {%- do return(groups) -%}
{%- endmacro %}


{% macro number_or_zero(text) -%}
    coalesce({{ text_as_double("nullif(" ~ text ~ ", '')") }}, 0)
{%- endmacro %}


{# Powers of ten that people write as letters or words. `mil` is left to the locale: a thousand in Spanish and Portuguese, a million in English. #}
{% macro number_suffixes() -%}
    {%- do return({
        'k': 3, 'thousand': 3, 'tsd': 3,
        'm': 6, 'mn': 6, 'mio': 6, 'mi': 6, 'million': 6, 'millions': 6, 'millones': 6,
        'b': 9, 'bn': 9, 'md': 9, 'mds': 9, 'mrd': 9, 'billion': 9, 'billions': 9,
        'lakh': 5, 'lac': 5, 'crore': 7, 'cr': 7,
        '万': 4, '萬': 4, '만': 4, '亿': 8, '億': 8, '억': 8,
    }) -%}
{%- endmacro %}


{#
Number as people write it: `3.3k`, `475.8m`, `12,345`, `12 345`, `1.234,5`, `2.28E+11`, `-4`, `1.39%` (0.0139).
`comma_is_decimal` is a boolean expression: the row's locale writes `1.234,5`. Grouping must be regular (`1,23` is not 123), else the
text is not a number. Powers of ten are put into the text before it is cast: 475.8 * 1e6 in floating point is not 475800000.

One pass of the pattern takes the text apart (digits, exponent, suffix, percent sign, with a separator that no number holds), and a lambda
of one element names the parts: written out group by group, the pattern would run thirty times per cell.
#}
{% macro parse_number(text, comma_is_decimal='comma_is_decimal', percent=false) -%}
    {%- set suffixes = number_suffixes() -%}
    {#- White space of every kind, apostrophes and their typographic cousins only ever group digits. -#}
    {%- set bare = text_replaced("replace(lower(" ~ text ~ "), '−', '-')", "[\\s\\x{001F}\\x{00A0}\\x{2007}\\x{2009}\\x{202F}''’]", "''") -%}
    {%- set point = "case when " ~ comma_is_decimal ~ " then " ~ text_replaced("translate(" ~ bare ~ ", ',.', '.,')", 'mil$', "'k'")
        ~ " else " ~ bare ~ " end" -%}
    {%- set grammar = "^([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})?([.][0-9]*)?(?:e([+-]?[0-9]{1,2}))?("
        ~ suffixes.keys() | join('|') ~ ")?(" ~ ('%' if percent else '%{0}') ~ ")?$" -%}
    {%- set parts = text_replaced(point, grammar, "'\\1\\2\\3' || chr(31) || '\\4' || chr(31) || '\\5' || chr(31) || '\\6'") -%}
    {%- set number -%}
        case when contains(parts, chr(31)) then try_cast(
            replace(split_part(parts, chr(31), 1), ',', '') || 'e' || cast(
                coalesce(try_cast(split_part(parts, chr(31), 2) as integer), 0)
                + coalesce({{ looked_up(suffixes, "split_part(parts, chr(31), 3)") }}, 0)
                - case when split_part(parts, chr(31), 4) = '%' then 2 else 0 end
                as string
            )
            as double
        ) end
    {%- endset -%}
    case
        when {{ text }} is null then null
        when not {{ comma_is_decimal }} and {{ is_finite(text_as_double(text)) }} and not contains({{ text }}, '_')
            then {{ text_as_double(text) }}
        else {{ with_value(parts, 'parts', number) }}
    end
{%- endmacro %}


{#
A parsed number in the unit that the mapping declares for its landing column. The declared unit is that of a bare number: `1.39%` and `12k`
say their own, and an export may hold both.
#}
{% macro in_declared_unit(text, number, column) -%}
    {{ number }} * case
        when units['{{ column }}'] is null or not {{ text_matches(text, '[0-9][.]?$') }} then 1.0
        when units['{{ column }}'] = 'percent' then 0.01
        when units['{{ column }}'] = 'thousand' then 1000.0
        when units['{{ column }}'] = 'million' then 1000000.0
        when units['{{ column }}'] = 'minutes' then 60.0
        else 1.0
    end
{%- endmacro %}


{#
Moment, in UTC: ISO 8601 with or without time and offset, `20260131`, epoch seconds or milliseconds, three numbers in the
declared order (`dmy`, `mdy`; never guessed), and months in words (`written_dates.sql`). A cast to timestamp drops an offset without a
word, so the offset is taken off by hand.
#}
{% macro parse_timestamp(text, date_order='date_order') -%}
    case
        when {{ text }} is null then null
        when {{ is_written_date(text) }} then {{ with_value(date_in_figures(text), 'figures', timestamp_of_figures('figures', date_order)) }}
        else {{ timestamp_of_figures(text, date_order) }}
    end
{%- endmacro %}


{% macro timestamp_of_figures(text, date_order) -%}
    {%- set three = "^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(?:[ T]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?$" -%}
    {%- set three_part = regexp_groups(text, three, 4) -%}
    {%- set offset = "[0-9]([+-][0-9]{2}):?([0-9]{2})$" -%}
    {%- set stated -%}
        {{ three_part[3] }}
        || '-' || lpad(case {{ date_order }} when 'dmy' then {{ three_part[2] }} else {{ three_part[1] }} end, 2, '0')
        || '-' || lpad(case {{ date_order }} when 'dmy' then {{ three_part[1] }} else {{ three_part[2] }} end, 2, '0')
        || ' ' || coalesce(nullif({{ three_part[4] }}, ''), '00:00')
    {%- endset -%}
    {%- set ahead -%}
        cast(regexp_extract({{ text }}, '{{ offset }}', 1) as integer) * 60
        + cast(
            substr(regexp_extract({{ text }}, '{{ offset }}', 1), 1, 1) || regexp_extract({{ text }}, '{{ offset }}', 2) as integer
        )
    {%- endset -%}
    case
        when {{ text_matches(text, '^[0-9]{9,10}([.][0-9]+)?$') }}
            then {{ timestamp_of_micros('cast(round(cast(' ~ text ~ ' as double) * 1000000) as bigint)') }}
        when {{ text_matches(text, '^[0-9]{12,13}$') }}
            then {{ timestamp_of_micros('cast(' ~ text ~ ' as bigint) * 1000') }}
        when {{ text_matches(text, '^(19|20)[0-9]{6}$') }}
            then {{ text_as_timestamp("substr(" ~ text ~ ", 1, 4) || '-' || substr(" ~ text ~ ", 5, 2) || '-' || substr(" ~ text ~ ", 7, 2)") }}
        when {{ date_order }} in ('dmy', 'mdy') and {{ text_matches(text, three) }}
            then {{ text_as_timestamp(stated) }}
        {#- A date alone ends in what looks like an offset (2026-05-01): only a time has one. #}
        when contains({{ text }}, ':') and {{ text_matches(text, offset) }}
            then {{ minutes_before(text_as_timestamp(text_replaced(text, '([+-][0-9]{2}):?([0-9]{2})$', "''")), ahead) }}
        else {{ text_as_timestamp(text) }}
    end
{%- endmacro %}


{% macro parse_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', 't', 'yes', 'y', '1', '1.0', 'oui', 'vrai', 'sí', 'si', 'sim', 'ja', 'wahr', 'verdadero', 'x', '✓', '✔') then true
        when lower({{ text }}) in ('false', 'f', 'no', 'n', '0', '0.0', 'non', 'faux', 'não', 'nao', 'nein', 'falsch', 'falso') then false
    end
{%- endmacro %}


{# Length in seconds: a number in the declared unit, `12:34`, `1:02:03`, or ISO 8601 (`PT1H2M3S`). #}
{% macro parse_duration_seconds(text, column='duration') -%}
    {%- set iso = "^P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:[.][0-9]+)?)S)?$" -%}
    {%- set clock = "^(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-9]{2}(?:[.][0-9]+)?)$" -%}
    {%- set iso_part = regexp_groups("upper(" ~ text ~ ")", iso, 4) -%}
    {%- set clock_part = regexp_groups(text, clock, 3) -%}
    case
        when {{ text }} is null then null
        when {{ text_matches('upper(' ~ text ~ ')', iso) }} and length({{ text }}) > 2
            then {{ number_or_zero(iso_part[1]) }} * 86400 + {{ number_or_zero(iso_part[2]) }} * 3600
                + {{ number_or_zero(iso_part[3]) }} * 60 + {{ number_or_zero(iso_part[4]) }}
        when {{ text_matches(text, clock) }}
            then {{ number_or_zero(clock_part[1]) }} * 3600 + {{ number_or_zero(clock_part[2]) }} * 60 + {{ number_or_zero(clock_part[3]) }}
        else {{ in_declared_unit(text, parse_number(text), column) }}
    end
{%- endmacro %}


{# Hashtags in lower case, each once, sorted: from a list in any notation (JSON, a printed Python list, comma- or space-separated). #}
{% macro parse_hashtags(text) -%}
    {%- set found -%}
        case
            when {{ text }} is null then {{ list_of([]) }}
            when contains({{ text }}, '#') then {{ text_found('lower(' ~ text ~ ')', "#([^\\s#,.;:!?()\\[\\]{}\"''’`]+)", 1) }}
            when contains({{ text }}, ',') then {{ text_split('lower(' ~ text ~ ')', '\\s*,\\s*') }}
            else {{ text_split('lower(' ~ text ~ ')', '\\s+') }}
        end
    {%- endset -%}
    array_sort(array_distinct({{ list_where(list_mapped(found, 'tag', "trim(both ' []\"''' from tag)"), 'tag', "tag != ''") }}))
{%- endmacro %}


{# Text for comparing names: lower case, no accents, single spaces. #}
{% macro fold(text) -%}
    lower({{ without_accents(text_replaced('trim(' ~ text ~ ')', '\\s+', "' '")) }})
{%- endmacro %}


{# Key of reference.language_names: of a tag like `pt-BR` the language, of anything else the folded text. #}
{% macro language_key(text) -%}
    {{ fold(text_replaced(text, '^([A-Za-z]{2,3})[-_].*', "'\\1'")) }}
{%- endmacro %}


{# `column:reason` where there was text and nothing could be read from it; null otherwise. #}
{% macro unreadable(text, value, problem) -%}
    case when {{ text }} is not null and {{ value }} is null then '{{ problem }}' end
{%- endmacro %}


{#
The two columns that say what could not be read: `parse_problems` with codes to count by, `unread_texts` with the text to look at.
Takes a list of [text expression, value expression, column, problem].
#}
{% macro unreadable_columns(checks) -%}
    nullif(concat_ws(
        ';',
        {%- for text, value, column, problem in checks %}
        {{ unreadable(text, value, column ~ ':' ~ problem) }}{{ ',' if not loop.last }}
        {%- endfor %}
    ), '') as parse_problems,
    nullif(concat_ws(
        '; ',
        {%- for text, value, column, problem in checks %}
        case when {{ text }} is not null and {{ value }} is null then '{{ column }} = ' || left({{ text }}, 100) end{{ ',' if not loop.last }}
        {%- endfor %}
    ), '') as unread_texts
{%- endmacro %}
