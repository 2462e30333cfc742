{# `topic_01` … : the topics of what influencers write about, as many as var `content_topics` asks for. #}
{% macro topic_names() -%}
    {%- set names = [] -%}
    {%- for number in range(1, var('content_topics') + 1) -%}
        {%- do names.append('topic_%02d' | format(number)) -%}
    {%- endfor -%}
    {%- do return(names) -%}
{%- endmacro %}


{# Words of a text, each once, lower case: runs of three letters or more, of any alphabet, outside links, mentions and hashtags. #}
{% macro words_of(text) -%}
    list_distinct(regexp_extract_all(
        regexp_replace(lower({{ text }}), '(https?://|www\.|[#@])\S+', ' ', 'g'),
        '[\p{L}\p{M}]{3,}'
    ))
{%- endmacro %}
