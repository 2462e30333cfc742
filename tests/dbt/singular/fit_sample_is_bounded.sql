-- Python sees at most this many rows, whatever the size of the data.
select count(*) as rows_count
from {{ ref('fit_sample') }}
having count(*) > {{ var('fit_sample_rows') }}
