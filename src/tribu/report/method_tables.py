"""The tables of the page on the method: features, candidates, stability, drift, runs and settings."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from tribu.report.candidates_chart import algorithm_markers, candidate_label
from tribu.report.components import Cell, Column, RowGroup, Table
from tribu.report.data import ReportData
from tribu.report.formatters import (
    NOT_KNOWN,
    format_decimal,
    format_integer,
    format_moment,
    format_points,
    format_score,
)
from tribu.report.labels import (
    algorithm_label,
    block_label,
    code_label,
    drift_label,
    stability_label,
    transform_label,
    unit_label,
)
from tribu.report.language import Language, typeset
from tribu.report.markers import Marker
from tribu.report.method_data import Candidate, ClusterDrift, Feature
from tribu.report.prose import cluster_name
from tribu.report.safety import display_text
from tribu.report.tables import integer_cell, number_cell, one_group, percent_cell, score_cell

_LONGEST_TEXT = 400


def feature_name(feature: Feature, lang: Language) -> str:
    """Return the name of a feature in the language of the page."""
    label = lang.choose(en=feature.feature_label_en, fr=feature.feature_label_fr)
    return display_text(label, limit=120) or code_label(feature.feature)


def feature_table(data: ReportData, lang: Language) -> Table:
    """Define every feature, and say how distances see it."""
    _ = lang.gettext

    def text(en: str, fr: str) -> str:
        return typeset(display_text(lang.choose(en=en, fr=fr), limit=_LONGEST_TEXT) or NOT_KNOWN, lang.code)

    def row(feature: Feature) -> tuple[Cell, ...]:
        on = _("on %(n)s of %(all)s platforms") % {
            "n": format_integer(feature.compared_platforms, lang=lang),
            "all": format_integer(feature.platforms, lang=lang),
        }
        seen = feature.block_weight > 0 and feature.compared_platforms > 0
        return (
            Cell(feature_name(feature, lang), detail=display_text(feature.feature)),
            Cell(text(feature.formula_en, feature.formula_fr), detail=text(feature.window_en, feature.window_fr)),
            Cell(unit_label(feature.unit, lang)),
            Cell(text(feature.unknown_en, feature.unknown_fr)),
            Cell(transform_label(feature.transform, lang) if seen else _("not compared"), detail=on if seen else None),
        )

    groups = []
    for block, features in groupby(data.method.features, key=lambda feature: (feature.block, feature.block_weight)):
        heading = _("%(block)s: weight of the block %(weight)s") % {
            "block": block_label(block[0], lang),
            "weight": format_score(block[1], lang=lang),
        }
        groups.append(RowGroup(tuple(row(feature) for feature in features), heading))
    return Table(
        _("What each feature means, and how distances see it"),
        (
            Column(_("Feature")),
            Column(_("How it is measured"), hint=_("and over which time")),
            Column(_("Unit")),
            Column(_("Not known when")),
            Column(_("In distances")),
        ),
        tuple(groups),
        style="definitions",
    )


def candidate_table(data: ReportData, lang: Language) -> Table:
    """List every candidate with all its figures and the floors that it falls short of."""
    _ = lang.gettext
    candidates = data.method.candidates
    markers = algorithm_markers(candidates)
    order = list(markers)
    ranked = sorted(candidates, key=lambda row: order.index(row.algorithm))
    return Table(
        _("Every clustering that was tried"),
        (
            Column(_("Candidate")),
            Column(_("Clusters"), numeric=True),
            Column(_("Silhouette"), numeric=True, hint=_("−1 to 1, higher is better")),
            Column(_("Shuffled data"), numeric=True, hint=_("silhouette")),
            Column(_("Stability"), numeric=True, hint=_("to 1, higher is better")),
            Column(_("Agreement of SQL"), numeric=True, hint=_("and what is asked for")),
            Column(_("Smallest cluster"), numeric=True),
            Column(_("Largest cluster"), numeric=True),
            Column(_("Outside"), numeric=True, hint=_("of every cluster")),
            Column(_("Davies–Bouldin"), numeric=True, hint=_("lower is better")),
            Column(_("Calinski–Harabasz"), numeric=True, hint=_("higher is better")),
            Column(_("BIC"), numeric=True, hint=_("lower is better")),
            Column(_("Falls short on")),
        ),
        tuple(
            RowGroup(tuple(_candidate_row(row, markers[row.algorithm], lang) for row in rows))
            for _algorithm, rows in groupby(ranked, key=lambda row: row.algorithm)
        ),
        note=_(
            "Stability and shuffled data are measured only for candidates that could still win: they cost many more "
            "fits. Davies–Bouldin, Calinski–Harabasz and BIC are for comparison and decide nothing; BIC exists for "
            "the Gaussian mixture only."
        ),
        style="candidates",
    )


def _candidate_row(row: Candidate, marker: Marker, lang: Language) -> tuple[Cell, ...]:
    _ = lang.gettext
    asked = None if row.min_fidelity_ratio is None else format_points(row.min_fidelity_ratio, lang=lang)
    reading = None if row.stability_reading is None else stability_label(row.stability_reading, lang)
    fidelity = percent_cell(row.fidelity, lang)
    stability = score_cell(row.stability, lang)
    return (
        Cell(candidate_label(row, lang), marker=marker, detail=_("published") if row.is_selected else None),
        integer_cell(row.k, lang),
        number_cell(format_decimal(row.silhouette, decimals=3, lang=lang), row.silhouette),
        number_cell(format_decimal(row.null_silhouette, decimals=3, lang=lang), row.null_silhouette),
        Cell(stability.text, sort_value=stability.sort_value, detail=reading),
        Cell(fidelity.text, sort_value=fidelity.sort_value, detail=None if asked is None else f"≥ {asked}"),
        percent_cell(row.smallest_share_ratio, lang),
        percent_cell(row.largest_share_ratio, lang),
        percent_cell(row.noise_share_ratio, lang),
        number_cell(format_score(row.davies_bouldin, lang=lang), row.davies_bouldin),
        number_cell(format_integer(row.calinski_harabasz, lang=lang), row.calinski_harabasz),
        number_cell(format_integer(row.bic, lang=lang), row.bic),
        Cell(_failed(row, lang)),
    )


def _failed(row: Candidate, lang: Language) -> str:
    """Name the floors that a candidate falls short of; stability and shuffled data only where they were measured."""
    _ = lang.gettext
    failed = [
        label
        for passes, label in (
            (row.passes_k, _("number of clusters")),
            (row.passes_shares, _("size of a cluster")),
            (row.passes_noise, _("too many outside")),
            (row.passes_fidelity, _("agreement of SQL")),
            (row.passes_stability or row.stability is None, _("stability")),
            (row.beats_null or row.null_silhouette is None, _("shuffled data")),
        )
        if passes is False
    ]
    if failed:
        return ", ".join(failed)
    return _("nothing") if row.passes_all else _("not measured")


def stability_table(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Table | None:
    """List how surely each cluster comes back; None where it was not measured for any."""
    _ = lang.gettext
    measured = [cluster for cluster in data.clusters if cluster.stability is not None]
    if not measured:
        return None
    return Table(
        _("How surely each cluster comes back"),
        (
            Column(_("Cluster")),
            Column(_("Influencers"), numeric=True),
            Column(_("Stability"), numeric=True, hint=_("0 to 1")),
            Column(_("Reading")),
        ),
        one_group(
            [
                (
                    Cell(
                        cluster_name(cluster, lang),
                        href=f"clusters/{cluster.cluster_key}.html",
                        marker=markers[cluster.cluster_key],
                    ),
                    integer_cell(cluster.influencers, lang),
                    score_cell(cluster.stability, lang),
                    Cell(
                        NOT_KNOWN
                        if cluster.stability_reading is None
                        else stability_label(cluster.stability_reading, lang)
                    ),
                )
                for cluster in measured
            ]
        ),
        note=_(
            "Under 0.60 do not trust a cluster; under 0.75 it is a pattern; under 0.85 it is stable; from there on "
            "highly stable."
        ),
        style="wide",
    )


def feature_drift_table(data: ReportData, lang: Language) -> Table | None:
    """List how far each feature has moved since the accepted model; None where there is nothing to compare with."""
    _ = lang.gettext
    moved = [feature for feature in data.method.features if feature.population_stability_index is not None]
    if not moved:
        return None
    return Table(
        _("How far each feature has moved since the last accepted model"),
        (
            Column(_("Feature")),
            Column(_("Population stability index"), numeric=True, hint=_("0: no drift")),
            Column(_("Drift")),
        ),
        one_group(
            [
                (
                    Cell(feature_name(feature, lang)),
                    number_cell(
                        format_decimal(feature.population_stability_index, decimals=3, lang=lang),
                        feature.population_stability_index,
                    ),
                    Cell(NOT_KNOWN if feature.drift_reading is None else drift_label(feature.drift_reading, lang)),
                )
                for feature in sorted(
                    moved, key=lambda row: (-(row.population_stability_index or 0), row.feature_order)
                )
            ]
        ),
        note=_("Under 0.10 there is no drift; up to 0.25 it is watched; above it a new model is asked for."),
        style="drift",
    )


def cluster_drift_table(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Table | None:
    """List the share of each cluster then and now; None where there is nothing to compare with."""
    _ = lang.gettext
    if not data.method.cluster_drift:
        return None

    def first(row: ClusterDrift) -> Cell:
        name = lang.choose(en=row.cluster_name_en, fr=row.cluster_name_fr)
        label = display_text(name, limit=120) or display_text(row.cluster_key) or NOT_KNOWN
        known = row.cluster_key in markers
        return Cell(
            label,
            href=f"clusters/{row.cluster_key}.html" if known else None,
            marker=markers[row.cluster_key] if known else None,
        )

    return Table(
        _("Share of each cluster when the model was accepted, and now"),
        (
            Column(_("Cluster")),
            Column(_("Then"), numeric=True),
            Column(_("Now"), numeric=True),
            Column(_("Change"), numeric=True, hint=_("percentage points")),
        ),
        one_group(
            [
                (
                    first(row),
                    percent_cell(row.accepted_share_ratio, lang),
                    percent_cell(row.share_ratio, lang),
                    number_cell(
                        format_decimal(row.share_change_ratio * 100, decimals=1, signed=True, lang=lang),
                        row.share_change_ratio,
                    ),
                )
                for row in data.method.cluster_drift
            ]
        ),
    )


def run_table(data: ReportData, lang: Language) -> Table:
    """List the runs that are kept, the latest first."""
    _ = lang.gettext
    return Table(
        _("The runs so far, the latest first"),
        (
            Column(_("Run")),
            Column(_("Built at")),
            Column(_("Algorithm")),
            Column(_("Clusters"), numeric=True),
            Column(_("Stability"), numeric=True),
            Column(_("Influencers"), numeric=True),
            Column(_("Changed clusters"), numeric=True, hint=_("since the run before")),
            Column(_("Model")),
        ),
        one_group(
            [
                (
                    Cell(
                        display_text(row.cluster_run_id) or NOT_KNOWN, detail=_("this one") if row.is_current else None
                    ),
                    Cell(format_moment(row.built_at, lang=lang)),
                    Cell(algorithm_label(row.algorithm, lang)),
                    integer_cell(row.clusters, lang),
                    score_cell(row.stability, lang),
                    integer_cell(row.influencers, lang),
                    integer_cell(row.moved_influencers, lang),
                    Cell(
                        display_text(row.model_id) or NOT_KNOWN,
                        detail=_("of %(moment)s") % {"moment": format_moment(row.model_accepted_at, lang=lang)},
                    ),
                )
                for row in data.method.runs
            ]
        ),
        note=_("The same rows under the same model are the same run, however often they are built."),
    )


def setting_table(data: ReportData, lang: Language) -> Table:
    """List the settings that decide which clusters there are."""
    _ = lang.gettext
    headings = {
        True: _("A change of these asks for a new model"),
        False: _("These say when there is a new model, and which clusters keep their keys"),
    }
    return Table(
        _("The settings of this build"),
        (Column(_("Setting")), Column(_("Value"))),
        tuple(
            RowGroup(
                tuple(
                    (
                        Cell(display_text(row.setting) or NOT_KNOWN, foreign=True),
                        Cell(display_text(row.setting_value, limit=_LONGEST_TEXT) or NOT_KNOWN, foreign=True),
                    )
                    for row in rows
                ),
                headings[decides],
            )
            for decides, rows in groupby(data.method.settings, key=lambda row: row.decides_fit)
        ),
        note=_("Names and values are those of dbt_project.yml, where each has a comment with the reason for it."),
    )
