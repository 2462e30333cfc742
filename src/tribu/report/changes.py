"""What changed since the last run: who moved, which clusters came and went, which features have drifted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tribu.report.components import Cell, Column, KeyFigure, Table
from tribu.report.data import ReportData
from tribu.report.formatters import format_integer, format_percent, format_score
from tribu.report.labels import code_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.overview_data import Change
from tribu.report.prose import model_in_force
from tribu.report.safety import display_text
from tribu.report.tables import number_cell, one_group

_OF_CLUSTERS: Final = ("born", "died", "split", "merged")
_OF_FEATURES: Final = ("shifted", "shifting")


@dataclass(frozen=True)
class Changes:
    """The section on what changed; at the first run there are no ``figures``."""

    sentences: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    clusters: Table | None
    features: Table | None

    @property
    def is_first(self) -> bool:
        """Whether there is no run before to compare with."""
        return not self.figures


def build_changes(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Changes | None:
    """Tell what changed since the run before; None where there is nothing to cluster."""
    overview = data.overview
    sentences = model_in_force(overview, lang)
    if not data.clusters or not sentences:
        return None
    events = [
        change
        for kind in _OF_CLUSTERS
        for change in data.overview_rows.changes
        if change.change == kind and change.is_since_run_before
    ]
    drifted = [change for kind in _OF_FEATURES for change in data.overview_rows.changes if change.change == kind]
    features = _feature_table(drifted, lang) if drifted else None
    if not overview.has_run_before:
        first = lang.gettext("This is the first run that is known of, so there is none to compare it with.")
        return Changes((*sentences, first), (), None, features)
    return Changes(
        sentences=tuple(sentences),
        figures=_figures(data, events, lang),
        clusters=_cluster_table(events, markers, lang) if events else None,
        features=features,
    )


def _figures(data: ReportData, events: list[Change], lang: Language) -> tuple[KeyFigure, ...]:
    _ = lang.gettext
    overview = data.overview

    def of_all(count: int) -> str | None:
        if not count or not overview.influencers:
            return None
        return _("%(share)s of today’s influencers") % {
            "share": format_percent(count / overview.influencers, lang=lang)
        }

    def told(kind: str) -> str:
        return format_integer(sum(event.change == kind for event in events), lang=lang)

    return (
        KeyFigure(
            _("Changed clusters"),
            format_integer(overview.moved_influencers, lang=lang),
            of_all(overview.moved_influencers),
        ),
        KeyFigure(
            _("Arrived"), format_integer(overview.arrived_influencers, lang=lang), of_all(overview.arrived_influencers)
        ),
        KeyFigure(_("Left"), format_integer(overview.left_influencers, lang=lang)),
        KeyFigure(_("New clusters"), told("born")),
        KeyFigure(_("Ended clusters"), told("died")),
    )


def _cluster_table(events: list[Change], markers: Mapping[str, Marker], lang: Language) -> Table:
    _ = lang.gettext
    words = {
        "born": _("New cluster"),
        "died": _("Ended cluster"),
        "split": _("Received part of a cluster that split"),
        "merged": _("Took in another cluster"),
    }
    rows = [
        (
            Cell(words[event.change]),
            _cluster_cell(event.cluster_key, event.cluster_name_en, event.cluster_name_fr, markers, lang),
            _cluster_cell(
                event.other_cluster_key, event.other_cluster_name_en, event.other_cluster_name_fr, markers, lang
            ),
            Cell("") if event.share_ratio is None else Cell(format_percent(event.share_ratio, lang=lang)),
        )
        for event in events
    ]
    return Table(
        _("What became of the clusters"),
        (
            Column(_("Change")),
            Column(_("Cluster")),
            Column(_("Members came from")),
            Column(_("Share"), numeric=True, hint=_("of its members")),
        ),
        one_group(rows),
        style="changes",
    )


def _cluster_cell(
    key: str | None, name_en: str | None, name_fr: str | None, markers: Mapping[str, Marker], lang: Language
) -> Cell:
    if key is None:
        return Cell("")
    name = display_text(lang.choose(en=name_en or "", fr=name_fr or ""), limit=120) or display_text(key) or "–"
    # a cluster that ended has no page, and no sign either
    if key not in markers:
        return Cell(name)
    return Cell(name, href=f"clusters/{key}.html", marker=markers[key])


def _feature_table(drifted: list[Change], lang: Language) -> Table:
    _ = lang.gettext
    words = {"shifted": _("has shifted"), "shifting": _("is shifting")}
    rows = [
        (
            Cell(_feature_name(change, lang)),
            Cell(words[change.change]),
            number_cell(format_score(change.population_stability_index, lang=lang), change.population_stability_index),
        )
        for change in drifted
    ]
    return Table(
        _("Features that have drifted since the last model was fitted"),
        (Column(_("Feature")), Column(_("Reading")), Column(_("Index"), numeric=True)),
        one_group(rows),
        note=_(
            "The index compares how the influencers are distributed then and now (population stability index): under "
            "0.1 nothing has changed, from 0.25 on the feature has shifted."
        ),
        style="changes",
    )


def _feature_name(change: Change, lang: Language) -> str:
    label = lang.choose(en=change.feature_label_en or "", fr=change.feature_label_fr or "")
    return display_text(label, limit=120) or code_label(change.feature or "–")
