-- Question: Has the list changed so much since the clusters were made that they should be made anew?
-- Read: From 0.1 on a figure has shifted, from 0.25 on it is another list. One such feature is reason enough for a new fit.
-- On the sample: 0 rows
-- After a second run: 18 rows; first feature = Followers, population_stability_index = 0, drift_reading = stable
with drift as (

    select * from {{ ref('feature_drift') }}

),

catalogue as (

    select * from {{ ref('feature_catalogue') }}

)

select
    catalogue.label_en as feature,
    catalogue.block,
    round(drift.population_stability_index, 3) as population_stability_index,
    drift.drift_reading
from drift
inner join catalogue
    on drift.feature = catalogue.feature
order by
    drift.population_stability_index desc,
    catalogue.feature_order asc
