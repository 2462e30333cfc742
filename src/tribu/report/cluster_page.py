"""What the page of one cluster says: every text, figure and table, ready to be placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tribu.report.charts import map_picture
from tribu.report.cluster_history import History, history_of
from tribu.report.components import Cell, Column, KeyFigure, Link, Picture, Table
from tribu.report.data import DIMENSIONS, UNKNOWN_VALUE, Cluster, Composition, Profile, ReportData
from tribu.report.explanation import Nearest, Rule, nearest_of, rule_of
from tribu.report.formatters import (
    format_compact,
    format_deviation,
    format_integer,
    format_percent,
    format_rate,
    format_score,
)
from tribu.report.labels import dimension_label, stability_label, value_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.prose import (
    cluster_name,
    cluster_paragraph,
    distinctive_profiles,
    feature_label,
    structure_doubt,
)
from tribu.report.signals import cluster_signals_sentence
from tribu.report.spreads import Spreads, spreads_of
from tribu.report.stability import Stability, stability_of
from tribu.report.tables import (
    deviation_bar,
    integer_cell,
    measure_cell,
    members_table,
    one_group,
    percent_cell,
    share_bar,
)
from tribu.report.talk import Talk, talk_of

DISTINCTIVE_SHOWN: Final = 6
VALUES_SHOWN: Final = 8


@dataclass(frozen=True)
class ClusterPage:
    """The page of one cluster; those outside every cluster have no typical and no borderline members."""

    cluster_key: str
    title: str
    marker: Marker
    paragraph: str
    key_figures: tuple[KeyFigure, ...]
    picture: Picture | None
    distinctive: Table
    spreads: Spreads
    stability: Stability
    rule: Rule
    nearest: Nearest | None
    talk: Talk | None
    composition: tuple[Table, ...]
    signals: str | None
    history: History
    download: Link | None
    typical: Table | None
    borderline: Table | None
    largest: Table
    previous: Link | None
    next: Link | None


def build_cluster_page(data: ReportData, position: int, markers: Mapping[str, Marker], lang: Language) -> ClusterPage:
    """Build the page of the cluster at ``position`` in the order of the clusters."""
    _ = lang.gettext
    cluster = data.clusters[position]
    key = cluster.cluster_key
    profiles = data.profiles.get(key, ())
    by_key = {row.cluster_key: row for row in data.clusters}
    largest = data.members_in_role(key, "largest")
    name = cluster_name(cluster, lang)
    return ClusterPage(
        cluster_key=key,
        title=name,
        marker=markers[key],
        paragraph=" ".join(
            filter(None, [cluster_paragraph(cluster, profiles, lang), structure_doubt(data.overview, lang)])
        ),
        key_figures=_key_figures(cluster, lang),
        picture=_picture(data, key, name, markers, lang),
        distinctive=_distinctive_table(profiles, lang),
        spreads=spreads_of(profiles, data.distributions.get(key, ()), markers[key].slot, lang),
        stability=stability_of(cluster, lang),
        rule=rule_of(cluster, lang),
        nearest=nearest_of(cluster, profiles, by_key, markers, lang),
        talk=talk_of(data, key, markers[key].slot, lang),
        composition=_composition_tables(cluster, data.composition.get(key, ()), markers[key].slot, lang),
        signals=cluster_signals_sentence(data.signals.of_clusters.get(key), lang),
        history=history_of(
            data.history.get(key, ()),
            data.flows.get(key, ()),
            data.events.get(key, ()),
            with_page=by_key,
            slot=markers[key].slot,
            lang=lang,
        ),
        download=_download(cluster, len(data.downloads.get(key, ())), lang),
        typical=None
        if cluster.is_noise
        else members_table(
            data.members_in_role(key, "typical"),
            caption=_("Typical members: the closest to the centre of the cluster"),
            lang=lang,
            paged=data.people.keys,
        ),
        borderline=None
        if cluster.is_noise
        else members_table(
            data.members_in_role(key, "borderline"),
            caption=_("Borderline members: nearly as close to another cluster"),
            lang=lang,
            runner_up=(by_key, markers),
            paged=data.people.keys,
        ),
        largest=members_table(
            largest,
            caption=_("The largest members by followers"),
            lang=lang,
            note=_cut_note(len(largest), cluster.influencers, len(data.downloads.get(key, ())), lang),
            sortable=True,
            paged=data.people.keys,
        ),
        previous=_neighbour(data, position - 1, markers, lang),
        next=_neighbour(data, position + 1, markers, lang),
    )


def _neighbour(data: ReportData, position: int, markers: Mapping[str, Marker], lang: Language) -> Link | None:
    if not 0 <= position < len(data.clusters):
        return None
    cluster = data.clusters[position]
    return Link(cluster_name(cluster, lang), f"{cluster.cluster_key}.html", markers[cluster.cluster_key])


def _download(cluster: Cluster, rows: int, lang: Language) -> Link | None:
    if not rows:
        return None
    if rows >= cluster.influencers:
        message = lang.ngettext("Download %(n)s member as CSV", "Download all %(n)s members as CSV", rows)
    else:
        message = lang.ngettext(
            "Download the %(n)s member with most followers of %(all)s as CSV",
            "Download the %(n)s members with most followers of %(all)s as CSV",
            rows,
        )
    values = {"n": format_integer(rows, lang=lang), "all": format_integer(cluster.influencers, lang=lang)}
    return Link(message % values, f"{cluster.cluster_key}.csv")


def _cut_note(shown: int, total: int, in_file: int, lang: Language) -> str:
    if shown >= total:
        message = lang.ngettext("%(n)s member is listed.", "All %(n)s members are listed.", total)
        return message % {"n": format_integer(total, lang=lang)}
    message = lang.ngettext(
        "%(shown)s of the %(all)s members are listed; the %(rest)s other has fewer followers.",
        "%(shown)s of the %(all)s members are listed; the %(rest)s others have fewer followers.",
        total - shown,
    )
    listed = message % {
        "shown": format_integer(shown, lang=lang),
        "all": format_integer(total, lang=lang),
        "rest": format_integer(total - shown, lang=lang),
    }
    if in_file >= total:
        return f"{listed} " + lang.gettext("The CSV file has all of them.")
    elsewhere = lang.gettext(
        "The CSV file has the first %(n)s; all of them are in the table %(table)s, which %(command)s writes to a file."
    )
    names = {"n": format_integer(in_file, lang=lang), "table": "marts.dim_influencers", "command": "tribu export csv"}
    return f"{listed} {elsewhere % names}"


def _key_figures(cluster: Cluster, lang: Language) -> tuple[KeyFigure, ...]:
    _ = lang.gettext
    return (
        KeyFigure(
            _("Influencers"),
            format_integer(cluster.influencers, lang=lang),
            _("%(share)s of all") % {"share": format_percent(cluster.share_ratio, lang=lang)},
        ),
        KeyFigure(_("Followers"), format_compact(cluster.followers_median, lang=lang), _("median")),
        KeyFigure(
            _("Engagement"),
            format_percent(cluster.er_followers_median, lang=lang),
            _("median per post, of followers"),
        ),
        KeyFigure(_("Posts per week"), format_rate(cluster.posts_per_week_median, lang=lang), _("median")),
        KeyFigure(
            _("Confidence"),
            format_score(cluster.confidence_median, lang=lang),
            _("median, from 0 to 1; %(share)s are borderline")
            % {"share": format_percent(cluster.borderline_share_ratio, lang=lang)},
        ),
        KeyFigure(
            _("Stability"),
            format_score(cluster.stability, lang=lang),
            None if cluster.stability_reading is None else stability_label(cluster.stability_reading, lang),
        ),
    )


def _picture(data: ReportData, key: str, name: str, markers: Mapping[str, Marker], lang: Language) -> Picture | None:
    if not data.map_points.get(key):
        return None
    description = lang.gettext(
        "The map of all influencers, with those of the cluster %(name)s in colour and all others in grey."
    )
    return map_picture(data, markers, description % {"name": name}, highlight=key)


def _distinctive_table(profiles: Sequence[Profile], lang: Language) -> Table:
    _ = lang.gettext
    rows = [
        (
            Cell(feature_label(profile, lang)),
            measure_cell(profile.cluster_median, profile.unit, lang),
            measure_cell(profile.overall_median, profile.unit, lang),
            Cell(format_deviation(profile.robust_z, lang=lang), deviation=deviation_bar(profile.robust_z)),
        )
        for profile in distinctive_profiles(profiles)[:DISTINCTIVE_SHOWN]
    ]
    return Table(
        _("The features on which the cluster differs most from everyone"),
        (
            Column(_("Feature")),
            Column(_("This cluster"), numeric=True, hint=_("median")),
            Column(_("Everyone"), numeric=True, hint=_("median")),
            Column(_("Difference"), hint=_("robust z within the platform")),
        ),
        one_group(rows),
        note=_(
            "The robust z compares each member with everyone on its own platform: 0 is like them, 1 about one "
            "standard deviation more. The medians on its left mix all platforms, so they may disagree with it."
        ),
        style="distinctive",
    )


def _composition_tables(cluster: Cluster, rows: Sequence[Composition], slot: int, lang: Language) -> tuple[Table, ...]:
    present = list(dict.fromkeys(row.dimension for row in rows))
    ordered = [dimension for dimension in DIMENSIONS if dimension in present]
    ordered += [dimension for dimension in present if dimension not in DIMENSIONS]
    return tuple(
        _composition_table(cluster, dimension, [row for row in rows if row.dimension == dimension], slot, lang)
        for dimension in ordered
    )


def _composition_table(
    cluster: Cluster, dimension: str, rows: Sequence[Composition], slot: int, lang: Language
) -> Table:
    _ = lang.gettext
    named = [row for row in rows if row.value != UNKNOWN_VALUE]
    shown = [*named[:VALUES_SHOWN], *(row for row in rows if row.value == UNKNOWN_VALUE)]
    cut = sum(row.influencers for row in named[VALUES_SHOWN:])
    unlisted = cluster.influencers - sum(row.influencers for row in rows)
    notes = []
    if cut:
        values = len(named) - VALUES_SHOWN
        message = lang.ngettext(
            "%(values)s more value is not listed (influencers: %(n)s).",
            "%(values)s more values are not listed (influencers: %(n)s).",
            values,
        )
        notes.append(message % {"n": format_integer(cut, lang=lang), "values": format_integer(values, lang=lang)})
    if unlisted > 0:
        message = lang.ngettext("Not listed: %(n)s influencer.", "Not listed: %(n)s influencers.", unlisted)
        notes.append(message % {"n": format_integer(unlisted, lang=lang)})
    return Table(
        _("By %(dimension)s") % {"dimension": dimension_label(dimension, lang).lower()},
        (
            Column(dimension_label(dimension, lang)),
            Column(_("Influencers"), numeric=True),
            Column(_("Share")),
            Column(_("Everyone"), numeric=True),
        ),
        one_group(
            [
                (
                    Cell(value_label(dimension, row.value, lang)),
                    integer_cell(row.influencers, lang),
                    Cell(
                        format_percent(row.share_ratio, lang=lang),
                        bar=share_bar(row.share_ratio, tick=row.overall_share_ratio, slot=slot),
                    ),
                    percent_cell(row.overall_share_ratio, lang),
                )
                for row in shown
            ]
        ),
        note=" ".join(notes) or None,
        style="composition",
    )
