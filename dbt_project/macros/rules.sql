{# The predicates of the clusters, as rows of a table that holds `cluster_key` and `rule_sql`. Predicates are data, so the models that
   run them read them when they run; where the table is not there yet (parsing, a linter), there are none. #}
{% macro rules_of(relation) -%}
    {%- set rules = [] -%}
    {%- if execute and load_relation(relation) is not none -%}
        {%- set found = run_query("select cluster_key, rule_sql from " ~ relation ~ " where rule_sql is not null order by cluster_key") -%}
        {%- for row in found.rows -%}
            {%- do rules.append({'cluster_key': row[0], 'rule_sql': row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(rules) -%}
{%- endmacro %}
