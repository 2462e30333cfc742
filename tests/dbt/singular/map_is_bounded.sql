-- Pictures are laid out, and shown, for at most this many influencers, whatever the size of the data.
select count(*) as rows_count
from {{ ref('picture_sample') }}
having count(*) > {{ var('map_points') }}
