-- Grain: one row per influencer on the map: its place in each picture.
{%- set places = [
    ('umap', 2, ['x', 'y']),
    ('umap', 3, ['x', 'y', 'z']),
    ('tsne', 2, ['x', 'y']),
    ('tsne', 3, ['x', 'y', 'z']),
] %}

with influencers as (

    select * from {{ ref('dim_influencers') }}

),

sample as (

    select influencer_key from {{ ref('picture_sample') }}

),

projection as (

    select * from {{ ref('ml_projection') }}

),

pictures as (

    select
        influencer_key,
        {%- for method, dimensions, axes in places %}
        {%- for axis in axes %}
        max({{ axis }}) filter (where method = '{{ method }}' and dimensions = {{ dimensions }}) as {{ method }}_{{ dimensions }}d_{{ loop.index }},
        {%- endfor %}
        {%- endfor %}
        count(*) as pictures_count
    from projection
    group by influencer_key

)

select
    influencers.influencer_key,
    influencers.platform,
    influencers.handle,
    influencers.display_name,
    influencers.tier,
    influencers.followers_count,
    influencers.cluster_key,
    influencers.confidence,
    influencers.pca_1,
    influencers.pca_2,
    influencers.pca_3
    {%- for method, dimensions, axes in places %}
    {%- for axis in axes %},
    pictures.{{ method }}_{{ dimensions }}d_{{ loop.index }}
    {%- endfor %}
    {%- endfor %}
from sample
inner join influencers
    on sample.influencer_key = influencers.influencer_key
left join pictures
    on sample.influencer_key = pictures.influencer_key
