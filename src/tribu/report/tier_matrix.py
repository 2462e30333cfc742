"""Platform by tier by cluster: where the influencers of each size on each platform are found."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final

from tribu.report.components import Cell, Column, RowGroup, Table
from tribu.report.data import ReportData
from tribu.report.formatters import format_integer, format_percent
from tribu.report.labels import platform_label, value_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.overview_data import TierCluster
from tribu.report.prose import cluster_name
from tribu.report.tables import integer_cell

# Steps of the tone: a share of a twentieth is already worth a tint, and half of a row is all that is striking.
_TONES: Final = ((0.5, "s4"), (0.3, "s3"), (0.15, "s2"), (0.05, "s1"))


def share_tone(share_ratio: float) -> str:
    """Class of a cell by its share of the row: ``s0`` to ``s4``."""
    return next((tone for bound, tone in _TONES if share_ratio >= bound), "s0")


def tier_matrix(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Table | None:
    """Tabulate how each tier of each platform is spread over the clusters; None without clusters.

    Rows of few influencers state counts instead of shares and have no tone, so that nobody reads one of nine
    people as eleven per cent.
    """
    _ = lang.gettext
    if not data.overview_rows.tier_clusters:
        return None
    order = [platform.platform for platform in data.platforms]
    by_platform = {
        platform: tuple(rows)
        for platform, rows in groupby(data.overview_rows.tier_clusters, key=lambda row: row.platform)
    }
    groups = [
        RowGroup(
            tuple(
                _row(tuple(rows), data, lang)
                for _tier, rows in groupby(by_platform[platform], key=lambda row: (row.tier_order, row.tier))
            ),
            heading=platform_label(platform),
        )
        for platform in sorted(by_platform, key=lambda name: (order.index(name) if name in order else len(order), name))
    ]
    columns = [
        Column(
            cluster_name(cluster, lang),
            numeric=True,
            href=f"clusters/{cluster.cluster_key}.html",
            marker=markers[cluster.cluster_key],
        )
        for cluster in data.clusters
    ]
    note = None
    if any(row.is_small for row in data.overview_rows.tier_clusters):
        note = _(
            "Where a tier of a platform has very few influencers, the cells are counts, not shares, and have no "
            "colour: too few to read anything into."
        )
    return Table(
        _("How the influencers of each platform and tier are spread over the clusters"),
        (Column(_("Tier")), Column(_("Influencers"), numeric=True), *columns),
        tuple(groups),
        note=note,
        style="matrix",
    )


def _row(rows: tuple[TierCluster, ...], data: ReportData, lang: Language) -> tuple[Cell, ...]:
    first = rows[0]
    by_cluster = {row.cluster_key: row for row in rows}
    cells = [
        Cell(
            value_label("tier", first.tier, lang),
            detail=lang.gettext("very few: counts") if first.is_small else None,
        ),
        integer_cell(first.tier_influencers, lang),
    ]
    for cluster in data.clusters:
        row = by_cluster.get(cluster.cluster_key)
        influencers = 0 if row is None else row.influencers
        if first.is_small:
            cells.append(Cell(format_integer(influencers, lang=lang), sort_value=repr(influencers), tone="few"))
        else:
            share = 0.0 if row is None else row.share_ratio
            cells.append(Cell(format_percent(share, lang=lang), sort_value=repr(share), tone=share_tone(share)))
    return tuple(cells)
