-- Every record of every file ends in exactly one place. Counts come from both ends: the importer's ledger and the warehouse's tables.
select *
from {{ ref('row_accounting') }}
where
    rows_read is distinct from rows_landed + rows_duplicate + rows_rejected + rows_forgotten
    or rows_landed is distinct from rows_used + rows_superseded + rows_quarantined
