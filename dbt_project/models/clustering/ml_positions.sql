-- Grain: one row per influencer: its place on the principal axes.
{%- set features = distance_feature_names() %}

with scaled as (

    select * from {{ ref('ftr_scaled') }}

),

axes as (

    select
        axis,
        {%- for feature in features %}
        max(mean) filter (where feature = '{{ feature }}') as {{ feature }}_mean,
        max(loading) filter (where feature = '{{ feature }}') as {{ feature }}_loading{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('ml_pca_axes') }}
    group by axis

)

select
    scaled.influencer_key,
    {%- for axis in [1, 2, 3] %}
    {% for feature in features -%}
    axis_{{ axis }}.{{ feature }}_loading * (scaled.{{ feature }} - axis_{{ axis }}.{{ feature }}_mean){{ '\n    + ' if not loop.last }}
    {%- endfor %} as pca_{{ axis }}{{ ',' if not loop.last }}
    {%- endfor %}
from scaled
{%- for axis in [1, 2, 3] %}
inner join axes as axis_{{ axis }}
    on axis_{{ axis }}.axis = {{ axis }}
{%- endfor %}
