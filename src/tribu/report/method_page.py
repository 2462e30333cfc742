"""What the page on the method says: what is compared, how, what won and why, and how far to believe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tribu.report.candidates_chart import CandidatesChart, candidates_chart
from tribu.report.components import Definition, Table
from tribu.report.data import ReportData
from tribu.report.formatters import (
    NOT_KNOWN,
    format_integer,
    format_moment,
    format_points,
    format_score,
)
from tribu.report.labels import block_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.method_tables import (
    candidate_table,
    cluster_drift_table,
    feature_drift_table,
    feature_table,
    run_table,
    setting_table,
    stability_table,
)
from tribu.report.pictures import picture_table
from tribu.report.prose import limits, structure_doubt
from tribu.report.quality import method_definitions, selection_sentence
from tribu.report.safety import display_text
from tribu.report.signals import signal_definitions

# The quantile of macro `standardised` on either side; a constant of the method, and no setting.
_DRAWN_IN: Final = 0.005


@dataclass(frozen=True)
class MethodPage:
    """The page on the method; ``chart`` is None where no candidate has a silhouette, tables where there is no row.

    ``selection_recorded`` is in English; it stands in where ``selection`` is None.
    """

    title: str
    selection: str | None
    selection_recorded: str
    doubt: str | None
    figures: tuple[Definition, ...]
    features: Table
    topics: str | None
    steps: tuple[str, ...]
    chart: CandidatesChart | None
    floors: tuple[Definition, ...]
    preference: str
    candidates: Table | None
    measures: tuple[Definition, ...]
    stability: str
    cluster_stability: Table | None
    pictures: Table | None
    signals: tuple[Definition, ...]
    feature_drift: Table | None
    cluster_drift: Table | None
    manifest: tuple[Definition, ...]
    runs: Table | None
    settings: Table
    limits: tuple[str, ...]


def build_method_page(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> MethodPage:
    """Build the page on the method from the rows of the report."""
    overview, method = data.overview, data.method
    compared = sum(feature.block_weight > 0 and feature.compared_platforms > 0 for feature in method.features)
    return MethodPage(
        title=lang.gettext("How the clusters were found"),
        selection=selection_sentence(overview, lang),
        selection_recorded=display_text(overview.selection_reason, limit=1000) or NOT_KNOWN,
        doubt=structure_doubt(overview, lang) if data.clusters else None,
        figures=method_definitions(data, compared, lang),
        features=feature_table(data, lang),
        topics=_topics(data, lang),
        steps=tuple(_steps(data, lang)),
        chart=candidates_chart(method.candidates, lang),
        floors=_floors(data, lang),
        preference=_preference(data, lang),
        candidates=candidate_table(data, lang) if method.candidates else None,
        measures=_measures(lang),
        stability=_stability(data, lang),
        cluster_stability=stability_table(data, markers, lang),
        pictures=picture_table(data, lang) if any(data.map_points.values()) and data.pictures else None,
        signals=signal_definitions(data.signals, lang),
        feature_drift=feature_drift_table(data, lang),
        cluster_drift=cluster_drift_table(data, markers, lang),
        manifest=_manifest(data, lang),
        runs=run_table(data, lang) if method.runs else None,
        settings=setting_table(data, lang),
        limits=(*limits(overview, compared, lang), *_method_limits(lang)) if data.clusters else (),
    )


def _topics(data: ReportData, lang: Language) -> str | None:
    """Say that topics are compared, too; None where they are not."""
    count = data.method.facts.topics_count
    if not count:
        return None
    return lang.ngettext(
        "What influencers write about is compared as well: %(n)s topic, made of hashtags and words that go together.",
        "What influencers write about is compared as well: %(n)s topics, made of hashtags and words that go together.",
        count,
    ) % {"n": format_integer(count, lang=lang)}


def _steps(data: ReportData, lang: Language) -> list[str]:
    """Tell in plain words what happens to a feature before influencers are compared, with the settings in force."""
    _ = lang.gettext
    facts, overview = data.method.facts, data.overview
    blocks = {feature.block: feature.block_weight for feature in data.method.features}
    weights = ", ".join(
        _("%(block)s %(weight)s") % {"block": block_label(block, lang), "weight": format_score(weight, lang=lang)}
        for block, weight in blocks.items()
    )
    fitted = (
        _(
            "The algorithms saw %(fit)s influencers, platforms in proportion (at most %(limit)s, and the same ones in "
            "every build); then SQL put each of the %(all)s into its cluster by the same distances."
        )
        if overview.fit_rows < overview.influencers
        else _("Everybody was compared: %(all)s. With more than %(limit)s influencers, a sample would be.")
    )
    return [
        _(
            "Counts and rates are put on a logarithmic scale, so that ten times the followers is one step, whether "
            "from one thousand or from one million."
        ),
        _(
            "The lowest and the highest %(share)s of the values on a platform are drawn in to their bounds, so that a "
            "few extreme accounts do not decide."
        )
        % {"share": format_points(_DRAWN_IN, lang=lang)},
        _(
            "Each value is compared within its platform: 0 is the platform's median, 1 about one standard deviation, "
            "taken from the middle half of the values. So a platform does not become a cluster of its own."
        ),
        _(
            "A feature that is known of fewer than %(share)s of the influencers of a platform, or that is the same for "
            "all of them, is not compared there."
        )
        % {"share": format_points(facts.feature_min_known_share_ratio, lang=lang)},
        _("A value that is not known stands at the median of its platform, where it pulls nowhere."),
        _(
            "Features stand in blocks. The weight of a block is shared among its features, so that eight figures on "
            "engagement count no more than two on growth: %(weights)s."
        )
        % {"weights": weights or NOT_KNOWN},
        fitted
        % {
            "fit": format_integer(overview.fit_rows, lang=lang),
            "all": format_integer(overview.influencers, lang=lang),
            "limit": format_integer(facts.fit_sample_rows, lang=lang),
        },
    ]


def _floors(data: ReportData, lang: Language) -> tuple[Definition, ...]:
    _ = lang.gettext
    facts = data.method.facts
    return (
        Definition(
            _("Number of clusters"),
            _("%(low)s to %(high)s")
            % {"low": format_integer(facts.k_min, lang=lang), "high": format_integer(facts.k_max, lang=lang)},
        ),
        Definition(
            _("Size of every cluster"),
            _("%(low)s to %(high)s")
            % {
                "low": format_points(facts.min_cluster_share_ratio, lang=lang),
                "high": format_points(facts.max_cluster_share_ratio, lang=lang),
            },
        ),
        Definition(
            _("Outside every cluster"),
            _("%(share)s at most") % {"share": format_points(facts.max_noise_share_ratio, lang=lang)},
        ),
        Definition(_("Stability"), _("%(score)s at least") % {"score": format_score(facts.min_stability, lang=lang)}),
        Definition(
            _("Silhouette"),
            _("more than %(score)s above that of shuffled data")
            % {"score": format_score(facts.null_margin, lang=lang)},
        ),
        Definition(_("Agreement of SQL with the algorithm"), _("as the table of candidates asks for")),
    )


def _preference(data: ReportData, lang: Language) -> str:
    return lang.gettext(
        "Of the candidates that pass, those whose silhouette is within %(tolerance)s of the best are taken as equal. "
        "Among these wins the best reading of stability, then the most clusters, then the higher stability. If no "
        "candidate passes, everybody is one cluster, and the report says so."
    ) % {"tolerance": format_score(data.method.facts.silhouette_tolerance, lang=lang)}


def _measures(lang: Language) -> tuple[Definition, ...]:
    _ = lang.gettext
    return (
        Definition(
            _("Silhouette"),
            _(
                "How much nearer influencers are to their own cluster than to the next one: 1 is far apart, 0 on the "
                "edge, below 0 in the wrong place. Those outside every cluster count as 0."
            ),
        ),
        Definition(
            _("Shuffled data"),
            _(
                "The same influencers with every column shuffled: no groups are left, only chance. A candidate must be "
                "clearer than the clearest groups that the same algorithm finds there."
            ),
        ),
        Definition(
            _("Stability"),
            _(
                "How alike the clusters are when they are looked for again in halves of the data (adjusted Rand "
                "index): 1 is the same, 0 is chance."
            ),
        ),
        Definition(
            _("Agreement of SQL"),
            _("The share of influencers whom the published table puts where the algorithm had put them."),
        ),
        Definition(_("Davies–Bouldin"), _("How wide clusters are for the distance between them; lower is better.")),
        Definition(
            _("Calinski–Harabasz"),
            _("How much more influencers differ between clusters than within them; higher is better."),
        ),
        Definition(
            _("BIC"),
            _("How well a mixture describes the data, less a charge for every figure that it needs; lower is better."),
        ),
    )


def _stability(data: ReportData, lang: Language) -> str:
    _ = lang.gettext
    facts, overview = data.method.facts, data.overview
    if overview.stability is None:
        return _("There was nothing to look for again: stability was not measured.")
    return _(
        "Fitted anew on halves of the data (%(refits)s times, at most %(rows)s influencers each), the clustering "
        "agrees with itself by %(stability)s (adjusted Rand index: 1 is the same clusters, 0 is chance). For each "
        "cluster, %(cluster_refits)s refits say how much of it comes back (mean Jaccard index)."
    ) % {
        "refits": format_integer(facts.resamples, lang=lang),
        "rows": format_integer(facts.resample_rows, lang=lang),
        "stability": format_score(overview.stability, lang=lang),
        "cluster_refits": format_integer(facts.cluster_resamples, lang=lang),
    }


def _manifest(data: ReportData, lang: Language) -> tuple[Definition, ...]:
    _ = lang.gettext
    facts, overview = data.method.facts, data.overview
    reasons = {
        "first_model": _("the first model"),
        "no_drift": _("kept: no feature has drifted"),
        "drift": _("fitted anew: the data have drifted"),
        "parameters_changed": _("fitted anew: settings have changed"),
        "always": _("fitted anew: the settings ask for it"),
        "never": _("kept: the settings ask for it"),
        "model_asked_for": _("the settings ask for this model"),
        "no_influencers": _("no influencers to cluster"),
    }
    reason = reasons.get(facts.refit_reason) or display_text(facts.refit_reason)
    before = display_text(facts.previous_model_id)
    accepted = facts.model_accepted_at
    versions = (
        ("Tribu", facts.fit_tribu_version),
        ("scikit-learn", facts.fit_scikit_learn_version),
        ("DuckDB", facts.fit_duckdb_version),
        ("dbt", facts.fit_dbt_version),
        ("Python", facts.fit_python_version),
    )
    fitted = ", ".join(f"{name} {display_text(version)}" for name, version in versions if version)
    built = f"dbt {display_text(facts.dbt_version)}, DuckDB {(display_text(facts.engine_version) or '').lstrip('v')}"
    return (
        Definition(_("Run"), display_text(facts.cluster_run_id) or NOT_KNOWN),
        Definition(_("Built at"), format_moment(overview.built_at, lang=lang)),
        Definition(_("Model"), display_text(facts.model_id) or NOT_KNOWN),
        Definition(_("Model accepted at"), NOT_KNOWN if accepted is None else format_moment(accepted, lang=lang)),
        Definition(_("Why this model"), reason or NOT_KNOWN),
        # one that is kept has itself before it
        *([Definition(_("Model before it"), before)] if before and facts.previous_model_id != facts.model_id else []),
        # a seed is a name and not a quantity: no thousands are marked
        Definition(_("Seed of every random step"), NOT_KNOWN if facts.random_seed is None else str(facts.random_seed)),
        Definition(_("Fingerprint of the files read"), display_text(facts.input_fingerprint) or NOT_KNOWN),
        Definition(_("Fingerprint of its settings"), display_text(facts.parameters_fingerprint) or NOT_KNOWN),
        Definition(_("The model was fitted with"), fitted or NOT_KNOWN),
        Definition(_("This build ran on"), built),
        Definition(_("Draws of shuffled data, of each of two kinds"), format_integer(facts.null_draws, lang=lang)),
        Definition(_("Most influencers in a silhouette"), format_integer(facts.silhouette_rows, lang=lang)),
    )


def _method_limits(lang: Language) -> list[str]:
    _ = lang.gettext
    return [
        _(
            "The silhouette favours round clusters of like width; long or nested ones score lower than they deserve, "
            "and so does the algorithm that finds them."
        ),
        _(
            "Shuffling keeps the shape of each single feature. Groups that show in one feature alone survive it in "
            "part, so the distance to shuffled data understates them."
        ),
    ]
