-- Python sees at most this many influencers, whatever the size of the data, and whether or not a model is fitted.
select count(*) as rows_count
from {{ ref('ml_sample') }}
having count(*) > {{ var('fit_sample_rows') }}
