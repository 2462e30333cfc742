-- Grain: one row per method, number of dimensions and influencer: the pictures of the run before, from which the next go on.
{#- Not a ref: ml_projection is built from this model, and is replaced right after. The table of another version may have other columns. #}
{%- set columns = ['method', 'dimensions', 'influencer_key', 'x', 'y', 'z', 'input_fingerprint'] %}
{%- set before = adapter.get_relation(database=this.database, schema=this.schema, identifier='ml_projection') if execute %}
{%- set found = adapter.get_columns_in_relation(before) | map(attribute='name') | list if before else [] %}

{%- if columns | reject('in', found) | list == [] %}
select
    {{ columns | join(',\n    ') }}
from {{ before }}
{%- else %}
select
    cast(null as string) as method,
    cast(null as bigint) as dimensions,
    cast(null as string) as influencer_key,
    cast(null as double) as x,
    cast(null as double) as y,
    cast(null as double) as z,
    cast(null as string) as input_fingerprint
where false
{%- endif %}
