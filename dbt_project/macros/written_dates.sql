{#
Moments that are written with words or with the clock of twelve hours: `27 Aug 2026`, `août 27, 2026 10:05 PM`, `Tue Aug 27 10:00:00 +0000 2026`
(X), `Tue, 27 Aug 2026 10:00:00 GMT` (RFC 5322), `2026年8月27日`, `08/27/2026 10:05 pm`. Text in, and the same moment out as
`parse_timestamp` reads it; text that is none of these comes out as it is.
#}


{# Names of months in English, French, Spanish, Portuguese, German and Italian, without accents. Three letters or more of one stand for it. #}
{% macro month_names() -%}
    {%- do return({
        1: 'january janvier enero janeiro gennaio', 2: 'february fevrier febrero fevereiro febbraio', 3: 'march mars marzo marco marz mrz',
        4: 'april avril abril aprile', 5: 'may mai mayo maio maggio', 6: 'june juin junio junho juni giugno',
        7: 'july juillet julio julho juli luglio', 8: 'august aout agosto', 9: 'september septembre septiembre setembro settembre',
        10: 'october octobre octubre outubro oktober ottobre', 11: 'november novembre noviembre novembro',
        12: 'december decembre diciembre dezembro dezember dicembre',
    }) -%}
{%- endmacro %}


{% macro month_number(word) -%}
    case
        {%- for number, names in month_names().items() %}
        when contains(' {{ names }}', ' ' || {{ word }}) then '{{ number }}'
        {%- endfor %}
    end
{%- endmacro %}


{# Whether `text` holds what no moment in figures does; a condition, so that only such text takes the way below. #}
{% macro is_written_date(text) -%}
    {{ text_matches(text, '[^0-9TZ :.,/+-]|^[0-9]{4}[.]|[0-9] +[+-][0-9]') }}
{%- endmacro %}


{% macro date_in_figures(text) -%}
    {%- set bare = without_accents("lower(" ~ text ~ ")") -%}
    {%- set rfc = text_replaced(bare, '^[a-z]{3} ([a-z]{3}) +([0-9]{1,2}) ([0-9:]{8}) ([+-][0-9]{4}) ([0-9]{4})$', "'\\2 \\1 \\5 \\3\\4'") -%}
    {%- set east = text_replaced(rfc, '^([0-9]{4})[年년.] ?([0-9]{1,2})[月월.] ?([0-9]{1,2})[日일.]?', "'\\1-\\2-\\3 '") -%}
    {%- set day_first = text_replaced(
        east, '^(?:[a-z]+[.]?,? )?([a-z]{3,})[.]? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})', "'\\2 \\1 \\3'") -%}
    {#- Day, month in letters, year, and the rest, apart at a character that no text holds. -#}
    {%- set parts = text_replaced(
        day_first,
        '^(?:[a-z]+[.]?,? )?([0-9]{1,2})(?:st|nd|rd|th|er|[.])?[ -](?:de |of )?([a-z]{3,})[.]?(?:,| de)?[ -]([0-9]{4})(?:,? (?:at |um |a ))?',
        "'\\3' || chr(31) || '\\2' || chr(31) || '\\1' || chr(31) || ' '"
    ) -%}
    {%- set in_order -%}
        case
            when contains(written, chr(31))
                then split_part(written, chr(31), 1) || '-' || {{ month_number("split_part(written, chr(31), 2)") }} || '-'
                    || split_part(written, chr(31), 3) || split_part(written, chr(31), 4)
            else written
        end
    {%- endset -%}
    {%- set zoned = text_replaced(with_value(parts, 'written', in_order), ' ?(?:gmt|utc|z)$', "''") -%}
    {%- set apart = text_replaced(zoned, '([0-9])t([0-9])', "'\\1 \\2'") -%}
    {%- set spaced = text_replaced(apart, ' +([+-][0-9]{2}:?[0-9]{2})$', "'\\1'") -%}
    {%- set halves = text_replaced(
        spaced, '^(.* )([0-9]{1,2})(:[0-9]{2}(?::[0-9]{2})?) ?([ap])[.]?m[.]?$',
        "'\\1' || chr(31) || '\\2' || chr(31) || '\\3' || chr(31) || '\\4'"
    ) -%}
    {%- set of_24 -%}
        case
            when contains(timed, chr(31))
                then split_part(timed, chr(31), 1)
                    || lpad(
                        cast(
                            cast(split_part(timed, chr(31), 2) as integer) % 12 + case split_part(timed, chr(31), 4) when 'p' then 12 else 0 end
                            as {{ dbt.type_string() }}
                        ), 2, '0')
                    || split_part(timed, chr(31), 3)
            else timed
        end
    {%- endset -%}
    trim(replace({{ with_value(halves, 'timed', of_24) }}, ', ', ' '))
{%- endmacro %}
