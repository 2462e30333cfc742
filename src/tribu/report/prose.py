"""Sentences made from figures. They state what was measured, and claim no cause.

Every sentence is one message with named gaps, never a chain of fragments: another language orders it
otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tribu.report.data import Cluster, Overview, Profile, ReportData
from tribu.report.formatters import (
    format_compact,
    format_date,
    format_integer,
    format_measure,
    format_percent,
    format_score,
)
from tribu.report.labels import block_label, platform_label, stability_label
from tribu.report.language import Language
from tribu.report.safety import display_text

CLEAR_DEVIATION: Final = 0.5
"""Robust z from which a paragraph calls a cluster apart; below, medians of small clusters wander."""

_TRAITS_TOLD: Final = 3
_WELL_KNOWN: Final = 0.5


def cluster_name(cluster: Cluster, lang: Language) -> str:
    """Return the name of a cluster in the language of the page."""
    name = lang.choose(en=cluster.cluster_name_en, fr=cluster.cluster_name_fr)
    return display_text(name, limit=120) or cluster.cluster_key


def feature_label(profile: Profile, lang: Language) -> str:
    """Return the name of a feature in the language of the page."""
    label = lang.choose(en=profile.feature_label_en, fr=profile.feature_label_fr)
    return display_text(label, limit=120) or profile.feature


def overview_title(data: ReportData, lang: Language) -> str:
    """Title of the overview: how many influencers, in how many clusters."""
    overview = data.overview
    if not data.clusters:
        return lang.gettext("There is nothing to cluster yet")
    influencers = lang.ngettext("%(n)s influencer", "%(n)s influencers", overview.influencers)
    clusters = lang.ngettext("%(n)s cluster", "%(n)s clusters", overview.clusters)
    return lang.gettext("%(influencers)s in %(clusters)s") % {
        "influencers": influencers % {"n": format_integer(overview.influencers, lang=lang)},
        "clusters": clusters % {"n": format_integer(overview.clusters, lang=lang)},
    }


def overview_lede(data: ReportData, features: Sequence[Profile], lang: Language) -> str:
    """Say what the page is; ``features`` are those that are known, one row each."""
    overview = data.overview
    if not data.clusters:
        return lang.gettext(
            "No influencer in the data could be used, so there are no clusters and no map. The tables below "
            "say where every row that was read has gone."
        )
    platforms = _listed([platform_label(platform.platform) for platform in data.platforms], lang)
    blocks = dict.fromkeys(block_label(feature.block, lang).lower() for feature in features)
    sentence = lang.gettext(
        "This report groups influencers on %(platforms)s by how they resemble each other. What is compared: %(blocks)s."
    ) % {"platforms": platforms or "–", "blocks": _listed(list(blocks), lang) or "–"}
    doubt = structure_doubt(overview, lang)
    if doubt is not None:
        sentence = f"{sentence} {doubt}"
    start, end = overview.observed_from, overview.observed_to
    if start is None or end is None:
        return sentence
    message = (
        lang.gettext("All observations are from %(end)s.")
        if start == end
        else lang.gettext("The observations run from %(start)s to %(end)s.")
    )
    observed = message % {"start": format_date(start, lang=lang), "end": format_date(end, lang=lang)}
    return f"{sentence} {observed}"


def structure_doubt(overview: Overview, lang: Language) -> str | None:
    """Say that no groups were found, where none were: one cluster, or clusters that only the settings asked for."""
    _ = lang.gettext
    if overview.structure_found:
        return None
    if overview.k > 1:
        return _(
            "The settings ask for these clusters; the data show no clearer groups than the same data with every column "
            "shuffled. Do not take them for segments."
        )
    if overview.candidates_count == 0:
        return _("There are too few different influencers to compare, so all of them are shown as one cluster.")
    return _(
        "No groups were found that can be told from chance and found again on other rows, so all influencers are shown "
        "as one cluster. It is everybody, not a segment."
    )


def model_in_force(overview: Overview, lang: Language) -> list[str]:
    """Say whether the segments are those of before, and why; empty without clusters."""
    _ = lang.gettext
    if overview.model_accepted_at is None:
        return []
    accepted = format_date(overview.model_accepted_at.date(), lang=lang)
    reasons = {
        "first_model": _("The clusters were found in this build; the builds to come keep them until the data drift."),
        "no_drift": _("The clusters are those found on %(date)s: no feature has drifted since, so the model stays."),
        "drift": _("The clusters were found anew in this build, because the data have drifted since the last model."),
        "parameters_changed": _("The clusters were found anew in this build, because its settings have changed."),
        "always": _("The clusters were found anew in this build, as its settings ask for."),
        "never": _("The clusters are those found on %(date)s; the settings keep the model whatever has changed since."),
        "model_asked_for": _("The clusters are those of the model of %(date)s, which the settings ask for."),
    }
    known = reasons.get(overview.refit_reason)
    sentences = [] if known is None else [known % {"date": accepted}]
    # with a run before, the figures of the section say how many are new since then
    if overview.new_clusters and not overview.has_run_before:
        sentences.append(
            lang.ngettext("%(n)s of them is new.", "%(n)s of them are new.", overview.new_clusters)
            % {"n": format_integer(overview.new_clusters, lang=lang)}
        )
    return sentences


def cluster_paragraph(cluster: Cluster, profiles: Sequence[Profile], lang: Language) -> str:
    """Tell a cluster in a few sentences: its size, where it is, and what sets it apart from everyone."""
    _ = lang.gettext
    if cluster.is_noise:
        outside = lang.ngettext(
            "%(n)s influencer lies outside every cluster, %(share)s of all: too far from each to be counted in.",
            "%(n)s influencers lie outside every cluster, %(share)s of all: too far from each to be counted in.",
            cluster.influencers,
        ) % {
            "n": format_integer(cluster.influencers, lang=lang),
            "share": format_percent(cluster.share_ratio, lang=lang),
        }
        nature = _("They are no segment and need not resemble each other; they are listed so that nobody is lost.")
        return f"{outside} {nature}"
    size = lang.ngettext(
        "%(n)s influencer belongs to this cluster, %(share)s of all.",
        "%(n)s influencers belong to this cluster, %(share)s of all.",
        cluster.influencers,
    ) % {
        "n": format_integer(cluster.influencers, lang=lang),
        "share": format_percent(cluster.share_ratio, lang=lang),
    }
    place = _("The most common platform is %(platform)s (%(share)s of them).") % {
        "platform": platform_label(cluster.main_platform),
        "share": format_percent(cluster.main_platform_share_ratio, lang=lang),
    }
    # the median, by which the cluster is named too, and not the most frequent tier, which may be another
    reach = (
        []
        if cluster.followers_median is None
        else [
            _("Half of them have at least %(n)s followers.")
            % {"n": format_compact(cluster.followers_median, lang=lang)}
        ]
    )
    return " ".join([size, place, *reach, *_traits(profiles, lang), *_stability(cluster, lang)])


def _stability(cluster: Cluster, lang: Language) -> list[str]:
    if cluster.stability is None or cluster.stability_reading is None:
        return []
    message = lang.gettext(
        "Looked for again in halves of the data, the cluster comes back with a Jaccard index of %(stability)s on "
        "average (1 is the very same members): %(reading)s."
    )
    return [
        message
        % {
            "stability": format_score(cluster.stability, lang=lang),
            "reading": stability_label(cluster.stability_reading, lang),
        }
    ]


def distinctive_profiles(profiles: Sequence[Profile]) -> list[Profile]:
    """Order the features by how far the cluster's median lies from everyone's, the farthest first.

    Features without a robust z are left out; ties keep the order of the features.
    """
    known = [profile for profile in profiles if profile.robust_z is not None]
    return sorted(known, key=lambda profile: -abs(profile.robust_z or 0.0))


def _agrees(profile: Profile) -> bool:
    # A z that is scaled within each platform can point the other way than the plain medians. Such a feature
    # is shown in the tables, but a sentence that says "higher (12 against 15)" would only confuse.
    if profile.robust_z is None or profile.cluster_median is None or profile.overall_median is None:
        return False
    return (profile.cluster_median - profile.overall_median) * profile.robust_z > 0


def _traits(profiles: Sequence[Profile], lang: Language) -> list[str]:
    _ = lang.gettext
    told = [
        profile
        for profile in distinctive_profiles(profiles)
        if abs(profile.robust_z or 0.0) >= CLEAR_DEVIATION and _agrees(profile)
    ][:_TRAITS_TOLD]
    if not told:
        return [_("None of the measured features sets it clearly apart from everyone.")]
    above = [_trait(profile, lang) for profile in told if (profile.robust_z or 0.0) > 0]
    below = [_trait(profile, lang) for profile in told if (profile.robust_z or 0.0) < 0]
    if above and below:
        message = _(
            "What sets it apart most: its median is above everyone's on %(above)s, and below everyone's on %(below)s."
        )
    elif above:
        message = _("What sets it apart most: its median is above everyone's on %(above)s.")
    else:
        message = _("What sets it apart most: its median is below everyone's on %(below)s.")
    return [message % {"above": _listed(above, lang), "below": _listed(below, lang)}]


def _trait(profile: Profile, lang: Language) -> str:
    values = {
        "feature": _within_sentence(feature_label(profile, lang)),
        "cluster": format_measure(profile.cluster_median, profile.unit, lang=lang),
        "overall": format_measure(profile.overall_median, profile.unit, lang=lang),
        "known": format_percent(profile.known_share_ratio, lang=lang),
    }
    if profile.known_share_ratio < _WELL_KNOWN:
        message = lang.gettext("%(feature)s (%(cluster)s against %(overall)s; known for %(known)s of its members)")
    else:
        message = lang.gettext("%(feature)s (%(cluster)s against %(overall)s)")
    return message % values


def _within_sentence(label: str) -> str:
    # "Followers" goes down within a sentence, "ER by views" does not.
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def _listed(items: Sequence[str], lang: Language) -> str:
    if len(items) < 2:
        return "".join(items)
    return lang.gettext("%(first)s and %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}


def silhouette_note(silhouette: float | None, lang: Language) -> str | None:
    """Say in words what a silhouette means; the bounds are those of Kaufman and Rousseeuw (1990)."""
    _ = lang.gettext
    if silhouette is None:
        return None
    if silhouette > 0.5:
        return _("the clusters are well apart")
    if silhouette > 0.25:
        return _("the clusters touch at their edges")
    return _("the clusters overlap: read their edges as soft")


def limits(overview: Overview, feature_count: int, lang: Language) -> list[str]:
    """List what the report cannot tell, in plain words."""
    _ = lang.gettext
    stated: list[str] = []
    first, second = overview.pca_1_variance_ratio, overview.pca_2_variance_ratio
    if first is not None and second is not None:
        stated.append(
            lang.ngettext(
                "The map is a flat picture of %(features)s feature. The two directions of PCA hold %(share)s of "
                "the variance; the rest is not to be seen on it. Dots that touch on the map may be far from "
                "each other.",
                "The map is a flat picture of %(features)s features. The two directions of PCA hold %(share)s of "
                "the variance; the rest is not to be seen on it. Dots that touch on the map may be far from "
                "each other.",
                feature_count,
            )
            % {
                "features": format_integer(feature_count, lang=lang),
                "share": format_percent(first + second, lang=lang),
            }
        )
    if overview.map_points < overview.influencers:
        stated.append(
            _("The map shows %(shown)s of the %(all)s influencers, a sample. Every other figure counts all of them.")
            % {
                "shown": format_integer(overview.map_points, lang=lang),
                "all": format_integer(overview.influencers, lang=lang),
            }
        )
    if overview.fit_rows < overview.influencers:
        stated.append(
            lang.ngettext(
                "The clusters were found on a sample of %(fit)s influencer; then each of the %(all)s was assigned.",
                "The clusters were found on a sample of %(fit)s influencers; then each of the %(all)s was assigned.",
                overview.fit_rows,
            )
            % {
                "fit": format_integer(overview.fit_rows, lang=lang),
                "all": format_integer(overview.influencers, lang=lang),
            }
        )
    stated += [
        _(
            "Clusters describe, they do not explain. That a cluster has more engagement does not mean that "
            "its members have it because of their size, their rhythm or their platform."
        ),
        _(
            "A cluster has no hard edge. The confidence of a member runs from 0, half-way to the next cluster, to 1, "
            "at the centre of its own; borderline members could as well be counted in the other."
        ),
        _(
            "Stability says that a cluster comes back when it is looked for in other rows of the same data. It does "
            "not say that the cluster is useful, nor that it will be there next year."
        ),
        _(
            "Medians are taken over known values only. Where a source does not tell a measure, the "
            "influencer is placed with the median of its platform, and the table says for how many members "
            "the measure is known."
        ),
    ]
    return stated


def silhouette_text(silhouette: float | None, lang: Language) -> str:
    """Write the silhouette with its meaning."""
    note = silhouette_note(silhouette, lang)
    score = format_score(silhouette, lang=lang)
    return score if note is None else lang.gettext("%(score)s: %(note)s") % {"score": score, "note": note}
