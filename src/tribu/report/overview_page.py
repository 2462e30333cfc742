"""What the overview says: every text, figure and table of ``index.html``, ready to be placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tribu.report.brief_page import briefs_table
from tribu.report.changes import Changes, build_changes
from tribu.report.components import (
    Cell,
    Column,
    KeyFigure,
    Map,
    RowGroup,
    Table,
)
from tribu.report.data import Cluster, Profile, ReportData
from tribu.report.downloads import download_table
from tribu.report.formatters import format_compact, format_integer, format_percent, format_score
from tribu.report.influencer_page import people_table
from tribu.report.labels import algorithm_label, block_label, platform_label, stability_label
from tribu.report.language import Language
from tribu.report.map_chart import build_map
from tribu.report.markers import Marker
from tribu.report.opportunities import Opportunities, build_opportunities
from tribu.report.prose import (
    cluster_name,
    feature_label,
    overview_lede,
    overview_title,
    silhouette_note,
)
from tribu.report.quality import selection_sentence
from tribu.report.quality_page import data_summary
from tribu.report.safety import display_text
from tribu.report.tables import (
    compact_cell,
    deviation_cell,
    integer_cell,
    measure_cell,
    one_group,
    percent_cell,
    rate_cell,
    score_cell,
    share_bar,
)
from tribu.report.tier_matrix import tier_matrix


@dataclass(frozen=True)
class OverviewPage:
    """The overview; without clusters there is no map, no cluster table and no heatmap.

    ``selection_recorded`` is in English; it stands in where ``selection`` is None.
    """

    title: str
    lede: str
    changes: Changes | None
    key_figures: tuple[KeyFigure, ...]
    map: Map | None
    clusters: Table | None
    people: Table | None
    briefs: Table | None
    heatmap: Table | None
    medians: Table | None
    tiers: Table | None
    opportunities: Opportunities | None
    downloads: Table | None
    data_summary: str
    selection: str | None
    selection_recorded: str


def cluster_href(cluster_key: str) -> str:
    """Address of a cluster's page, from the root of the site."""
    return f"clusters/{cluster_key}.html"


def build_overview(
    data: ReportData, markers: Mapping[str, Marker], lang: Language, download_sizes: Mapping[str, int] | None = None
) -> OverviewPage:
    """Build the overview from the rows of the report.

    Parameters
    ----------
    data
        The rows of the report.
    markers
        The sign of each cluster.
    lang
        The language of the page.
    download_sizes
        Bytes of each file that the page offers, by its address from the page.
    """
    overview = data.overview
    features, unknown = _features(data)
    clustered = bool(data.clusters)
    mapped = any(data.map_points.values()) and bool(data.pictures)
    return OverviewPage(
        title=overview_title(data, lang),
        lede=overview_lede(data, features, lang),
        changes=build_changes(data, markers, lang),
        key_figures=_key_figures(data, lang),
        map=build_map(data, markers, lang) if mapped else None,
        clusters=_cluster_table(data, markers, lang) if clustered else None,
        people=people_table(data, markers, lang),
        briefs=briefs_table(data, lang),
        heatmap=_heatmap(data, features, unknown, markers, lang) if clustered and features else None,
        medians=_median_table(data, features, markers, lang) if clustered and features else None,
        tiers=tier_matrix(data, markers, lang),
        opportunities=build_opportunities(data, markers, lang),
        downloads=download_table(data, download_sizes or {}, lang),
        data_summary=data_summary(data, lang),
        selection=selection_sentence(overview, lang),
        selection_recorded=display_text(overview.selection_reason, limit=1000) or "–",
    )


def _key_figures(data: ReportData, lang: Language) -> tuple[KeyFigure, ...]:
    _ = lang.gettext
    overview = data.overview
    platforms = lang.ngettext("on %(n)s platform", "on %(n)s platforms", len(data.platforms))
    found_by = _("%(algorithm)s, k = %(k)s") % {
        "algorithm": algorithm_label(overview.algorithm, lang),
        "k": format_integer(overview.k, lang=lang),
    }
    quarantined = _("%(n)s of %(all)s rows, with their reasons") % {
        "n": format_integer(overview.rows_quarantined, lang=lang),
        "all": format_integer(overview.rows_landed, lang=lang),
    }
    return (
        KeyFigure(
            _("Influencers"),
            format_integer(overview.influencers, lang=lang),
            platforms % {"n": format_integer(len(data.platforms), lang=lang)},
        ),
        KeyFigure(_("Clusters"), format_integer(overview.clusters, lang=lang), found_by if data.clusters else None),
        KeyFigure(
            _("Posts"),
            format_compact(overview.posts, lang=lang),
            _("engagement and rhythm rest on them") if overview.posts else _("so rhythm is not known"),
        ),
        KeyFigure(
            _("Silhouette"),
            format_score(overview.silhouette, lang=lang),
            silhouette_note(overview.silhouette, lang),
        ),
        KeyFigure(_("Stability"), format_score(overview.stability, lang=lang), _stability_note(data, lang)),
        KeyFigure(_("Rows set aside"), format_percent(overview.quarantined_share_ratio, lang=lang), quarantined),
    )


def _stability_note(data: ReportData, lang: Language) -> str | None:
    """Read the stability of the whole in words, and count the clusters that do not share it."""
    reading = data.overview.stability_reading
    if reading is None:
        return None
    doubtful = sum(cluster.stability_reading == "do_not_trust" for cluster in data.clusters)
    if not doubtful:
        return stability_label(reading, lang)
    message = lang.ngettext(
        "%(reading)s; %(n)s cluster is not to be trusted", "%(reading)s; %(n)s clusters are not to be trusted", doubtful
    )
    return message % {"reading": stability_label(reading, lang), "n": format_integer(doubtful, lang=lang)}


def _cluster_table(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Table:
    _ = lang.gettext
    rows = []
    for cluster in data.clusters:
        marker = markers[cluster.cluster_key]
        name = cluster_name(cluster, lang)
        rows.append(
            (
                Cell(
                    name,
                    sort_value=name.casefold(),
                    href=cluster_href(cluster.cluster_key),
                    marker=marker,
                    detail=cluster.cluster_key,
                ),
                integer_cell(cluster.influencers, lang),
                Cell(
                    format_percent(cluster.share_ratio, lang=lang),
                    sort_value=repr(cluster.share_ratio),
                    bar=share_bar(cluster.share_ratio, slot=marker.slot),
                ),
                compact_cell(cluster.followers_median, lang),
                percent_cell(cluster.er_followers_median, lang),
                rate_cell(cluster.posts_per_week_median, lang),
                Cell(
                    platform_label(cluster.main_platform),
                    sort_value=platform_label(cluster.main_platform),
                    detail=format_percent(cluster.main_platform_share_ratio, lang=lang),
                ),
                percent_cell(cluster.borderline_share_ratio, lang),
                _stability_cell(cluster, lang),
            )
        )
    return Table(
        _("The clusters, by size and by what their typical member does"),
        (
            Column(_("Cluster")),
            Column(_("Influencers"), numeric=True),
            Column(_("Share")),
            Column(_("Followers"), numeric=True, hint=_("median")),
            Column(_("Engagement"), numeric=True, hint=_("median, of followers")),
            Column(_("Posts per week"), numeric=True, hint=_("median")),
            Column(_("Main platform")),
            Column(_("Borderline"), numeric=True, hint=_("share of members")),
            Column(_("Stability"), numeric=True, hint=_("0 to 1")),
        ),
        one_group(rows),
        note=_(
            "Stability: how surely a cluster comes back when it is looked for in halves of the data (mean Jaccard "
            "index). Under 0.60 do not trust it; under 0.75 it is a pattern; under 0.85 it is stable; from there on "
            "highly stable."
        ),
        sortable=True,
        style="clusters",
    )


def _stability_cell(cluster: Cluster, lang: Language) -> Cell:
    cell = score_cell(cluster.stability, lang)
    if cluster.stability_reading is None:
        return cell
    return replace(cell, detail=stability_label(cluster.stability_reading, lang))


def _features(data: ReportData) -> tuple[list[Profile], list[Profile]]:
    """Split the features into those that some cluster is known by and those that no cluster is.

    One row stands for each feature, of whichever cluster: its names, block, unit and overall median are the same.
    """
    rows = sorted(
        (row for profiles in data.profiles.values() for row in profiles),
        key=lambda row: (row.feature_order, row.feature),
    )
    known = {row.feature for row in rows if row.robust_z is not None}
    each = {row.feature: row for row in rows}.values()
    return [row for row in each if row.feature in known], [row for row in each if row.feature not in known]


def _cluster_columns(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> list[Column]:
    return [
        Column(
            cluster_name(cluster, lang),
            numeric=True,
            href=cluster_href(cluster.cluster_key),
            marker=markers[cluster.cluster_key],
        )
        for cluster in data.clusters
    ]


def _by_feature(data: ReportData) -> dict[tuple[str, str], Profile]:
    return {(key, profile.feature): profile for key, rows in data.profiles.items() for profile in rows}


def _blocks(features: Sequence[Profile], rows: Mapping[str, tuple[Cell, ...]], lang: Language) -> tuple[RowGroup, ...]:
    blocks = list(dict.fromkeys(feature.block for feature in features))
    return tuple(
        RowGroup(
            tuple(rows[feature.feature] for feature in features if feature.block == block),
            heading=block_label(block, lang),
        )
        for block in blocks
    )


def _heatmap(
    data: ReportData,
    features: Sequence[Profile],
    unknown: Sequence[Profile],
    markers: Mapping[str, Marker],
    lang: Language,
) -> Table:
    _ = lang.gettext
    profiles = _by_feature(data)
    rows = {}
    for feature in features:
        cells = [Cell(feature_label(feature, lang))]
        for cluster in data.clusters:
            profile = profiles.get((cluster.cluster_key, feature.feature))
            cells.append(deviation_cell(profile.robust_z if profile else None, lang))
        rows[feature.feature] = tuple(cells)
    notes = [
        _(
            "Each member is compared with everyone on its own platform: 0 is like them, +1 about one standard "
            "deviation above, −1 below."
        )
    ]
    if unknown:
        names = ", ".join(feature_label(feature, lang) for feature in unknown)
        notes.append(_("Not known in these data: %(features)s.") % {"features": names})
    return Table(
        _("How far the median member of each cluster lies from everyone on its platform, as a robust z"),
        (Column(_("Feature")), *_cluster_columns(data, markers, lang)),
        _blocks(features, rows, lang),
        note=" ".join(notes),
        style="heat",
    )


def _median_table(
    data: ReportData, features: Sequence[Profile], markers: Mapping[str, Marker], lang: Language
) -> Table:
    _ = lang.gettext
    profiles = _by_feature(data)
    rows = {}
    for feature in features:
        cells = [
            Cell(feature_label(feature, lang)),
            measure_cell(feature.overall_median, feature.unit, lang),
        ]
        for cluster in data.clusters:
            profile = profiles.get((cluster.cluster_key, feature.feature))
            cells.append(measure_cell(profile.cluster_median if profile else None, feature.unit, lang))
        rows[feature.feature] = tuple(cells)
    return Table(
        _("The median of each feature in its own unit, for everyone and for each cluster"),
        (
            Column(_("Feature")),
            Column(_("Everyone"), numeric=True),
            *_cluster_columns(data, markers, lang),
        ),
        _blocks(features, rows, lang),
        style="medians",
    )
