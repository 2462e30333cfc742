"""What the project is made of, read from the warehouse: tables whose size does not grow with the influencers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tribu.errors import WarehouseError
from tribu.export.origin import Origin
from tribu.warehouse import open_warehouse, read_finished_build

if TYPE_CHECKING:
    import pandas as pd

QUERIES: Final[Mapping[str, str]] = {
    "overview": "select * from reporting.rpt_overview",
    "platforms": "select * from reporting.rpt_platforms",
    "sources": "select * from reporting.rpt_sources",
    "row_accounting": "select * from reporting.rpt_row_accounting",
    "quarantine_reasons": "select * from reporting.rpt_quarantine_reasons",
    "candidates": "select * from reporting.rpt_candidates",
    "clusters": "select * from reporting.rpt_clusters",
    "profiles": "select * from reporting.rpt_cluster_profiles",
    "composition": "select * from reporting.rpt_cluster_composition",
    "members": "select * from reporting.rpt_cluster_members",
    "map_points": "select * from reporting.rpt_map_points",
    "platform_tiers": """
        select platform, tier, cluster_key, count(*) as influencers
        from marts.dim_influencers
        group by platform, tier, cluster_key
    """,
    "tier_names": "select tier, tier_order, label_en, label_fr from reference.tiers",
    "category_names": "select category, label_en, label_fr from reference.category_names",
}


def read_evidence_tables(warehouse: Path) -> tuple[dict[str, pd.DataFrame], Origin]:
    """Read the tables that the project shows, and the build that they come from.

    Raises
    ------
    WarehouseError
        When the warehouse is absent, locked, holds no finished build, or lacks a table.
    """
    import duckdb

    with open_warehouse(warehouse) as connection:
        build = read_finished_build(connection, warehouse)
        try:
            tables = {name: connection.sql(query).df() for name, query in QUERIES.items()}
        except duckdb.CatalogException as error:
            raise WarehouseError(
                expected=f"the tables of schemas reporting and marts in {warehouse}",
                got=str(error).splitlines()[0],
                remedy="run dbt build to its end with this version of Tribu",
            ) from error
    return tables, Origin(build["cluster_run_id"], build["built_at"], build["source_kind"])
