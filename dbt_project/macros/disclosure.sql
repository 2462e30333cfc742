{#
Whether a caption in lower case holds a term of reference.disclosure_terms of one kind. The terms of a kind become one pattern when the
model is compiled: an engine takes a pattern that it knows beforehand apart once, and one that it reads in a table for every post. For the
same reason letters are plain ranges, and accents are allowed for in the pattern: classes of Unicode and folding took ten times as long.
The seed is read by its name, for in a unit test `ref` is a fixture that only the model itself can query.
#}
{% macro declares(caption, kind) -%}
    {%- set seed = adapter.get_relation(target.database, 'reference', 'disclosure_terms') if execute -%}
    {%- set terms = [] -%}
    {%- if seed -%}
        {%- for term in run_query("select term from " ~ seed ~ " where kind = '" ~ kind ~ "' order by term").columns[0].values() -%}
            {%- do terms.append(disclosure_term(term | string, kind)) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if terms -%}
        {{ text_matches(caption, disclosure_pattern(terms | join('|'), kind)) }}
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}


{# The pattern of a term: any signs between its words and, but for hashtags, which are listed as they are written, any accents. #}
{% macro disclosure_term(term, kind) -%}
    {%- set accents = {'a': 'àáâãäå', 'c': 'ç', 'e': 'èéêë', 'i': 'ìíîï', 'n': 'ñ', 'o': 'òóôõö', 'u': 'ùúûü'} -%}
    {%- set signs = [] -%}
    {%- for sign in term -%}
        {%- if sign == ' ' -%}
            {%- do signs.append('[^' ~ letters_of_terms() ~ '#]+') -%}
        {%- elif sign in accents and kind != 'hashtag' -%}
            {%- do signs.append('[' ~ sign ~ accents[sign] ~ ']') -%}
        {%- else -%}
            {%- do signs.append(modules.re.escape(sign) | replace("'", "''")) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do return(signs | join) -%}
{%- endmacro %}


{# What makes words longer, of the alphabets of Western Europe. Korean puts endings to its words, so words may go on there, and tags not. #}
{% macro letters_of_terms() -%}
    {%- do return('a-z0-9_à-öø-ɏ') -%}
{%- endmacro %}


{# A hashtag is the whole tag: not the start of #adventure. Words are whole words. A label has nothing beside it up to the next sign that
   sets words apart, or to the end of a line: `[Ad]`, but not the ad in a sentence. #}
{% macro disclosure_pattern(terms, kind) -%}
    {%- set letters = letters_of_terms() -%}
    {%- set mark = '\\[\\](){}*/:|•\\r\\n' -%}
    {%- do return({
        'hashtag': '#(' ~ terms ~ ')([^' ~ letters ~ '가-힣]|$)',
        'label': '(^|[' ~ mark ~ '])[^' ~ letters ~ '#' ~ mark ~ ']*(' ~ terms ~ ')[^' ~ letters ~ '#' ~ mark ~ ']*([' ~ mark ~ ']|$)',
    }.get(kind, '(^|[^' ~ letters ~ '#])(' ~ terms ~ ')([^' ~ letters ~ ']|$)')) -%}
{%- endmacro %}
