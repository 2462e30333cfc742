"""What explains a cluster on its page: the rule that describes it, and what tells it from its nearest neighbour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tribu.report.components import Cell, Column, Link, Table
from tribu.report.data import Cluster, Profile
from tribu.report.formatters import format_deviation, format_integer, format_percent
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.prose import CLEAR_DEVIATION, cluster_name, feature_label
from tribu.report.safety import display_text
from tribu.report.tables import deviation_bar, measure_cell, one_group
from tribu.rule_text import rule_query

TELLING_SHOWN: Final = 6
_WELL_KNOWN: Final = 0.5
# Far above the longest rule of a tree four questions deep; a rule that is cut would be another rule.
_RULE_LIMIT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A query that picks who is like the cluster, and how far to trust it; ``sql`` is None where there is no rule."""

    sql: str | None
    reading: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest other cluster and the features that tell the two apart."""

    link: Link
    sentence: str
    table: Table


def rule_of(cluster: Cluster, lang: Language) -> Rule:
    """Write the rule of a cluster as a query, with its precision and recall in words."""
    _ = lang.gettext
    predicate = display_text(cluster.rule_sql, limit=_RULE_LIMIT)
    if predicate is None:
        return Rule(None, _("There is no rule: no member of this cluster was in the sample that rules are read off."))
    query = rule_query(predicate)
    if predicate == "true":
        return Rule(query, _("The rule asks for nothing: no condition tells this cluster from the others."))
    if not cluster.rule_influencers or cluster.rule_members is None:
        return Rule(query, _("The rule picks nobody."))
    precision = lang.ngettext(
        "Precision %(ratio)s: of the %(n)s influencer that it picks, the cluster holds %(members)s.",
        "Precision %(ratio)s: of the %(n)s influencers that it picks, the cluster holds %(members)s.",
        cluster.rule_influencers,
    ) % {
        "ratio": format_percent(cluster.rule_precision_ratio, lang=lang),
        "n": format_integer(cluster.rule_influencers, lang=lang),
        "members": format_integer(cluster.rule_members, lang=lang),
    }
    recall = lang.ngettext(
        "Recall %(ratio)s: of the %(n)s member of the cluster it finds %(members)s.",
        "Recall %(ratio)s: of the %(n)s members of the cluster it finds %(members)s.",
        cluster.influencers,
    ) % {
        "ratio": format_percent(cluster.rule_recall_ratio, lang=lang),
        "n": format_integer(cluster.influencers, lang=lang),
        "members": format_integer(cluster.rule_members, lang=lang),
    }
    return Rule(query, f"{precision} {recall}")


def nearest_of(
    cluster: Cluster,
    profiles: Sequence[Profile],
    clusters: Mapping[str, Cluster],
    markers: Mapping[str, Marker],
    lang: Language,
) -> Nearest | None:
    """Compare a cluster with its nearest neighbour; None where there is none."""
    _ = lang.gettext
    key = cluster.nearest_cluster_key
    if key is None or key not in clusters:
        return None
    other = clusters[key]
    sentence = _("It is the next nearest cluster for %(share)s of the members.") % {
        "share": format_percent(cluster.nearest_cluster_share_ratio, lang=lang)
    }
    return Nearest(
        link=Link(cluster_name(other, lang), f"{key}.html", markers[key]),
        sentence=sentence,
        table=_telling_table(profiles, lang),
    )


def telling_profiles(profiles: Sequence[Profile]) -> list[Profile]:
    """Order the features that clearly tell a cluster from its nearest one, the farthest apart first.

    Features that are unknown of most members of either are left out.
    """
    clear = [
        profile
        for profile in profiles
        if profile.robust_z_to_nearest is not None
        and abs(profile.robust_z_to_nearest) >= CLEAR_DEVIATION
        and profile.known_share_ratio >= _WELL_KNOWN
        and (profile.nearest_cluster_known_share_ratio or 0.0) >= _WELL_KNOWN
    ]
    return sorted(clear, key=lambda profile: -abs(profile.robust_z_to_nearest or 0.0))


def _telling_table(profiles: Sequence[Profile], lang: Language) -> Table:
    _ = lang.gettext
    rows = [
        (
            Cell(feature_label(profile, lang)),
            measure_cell(profile.cluster_median, profile.unit, lang),
            measure_cell(profile.nearest_cluster_median, profile.unit, lang),
            Cell(
                format_deviation(profile.robust_z_to_nearest, lang=lang),
                deviation=deviation_bar(profile.robust_z_to_nearest),
            ),
        )
        for profile in telling_profiles(profiles)[:TELLING_SHOWN]
    ]
    return Table(
        _("The features that tell it from its nearest cluster"),
        (
            Column(_("Feature")),
            Column(_("This cluster"), numeric=True, hint=_("median")),
            Column(_("Nearest cluster"), numeric=True, hint=_("median")),
            Column(_("Difference"), hint=_("robust z within the platform")),
        ),
        one_group(rows),
        note=_(
            "The difference is between the two clusters' robust z: 1 is about one standard deviation of everyone on "
            "the platform. It is no test of significance: the clusters were made to differ."
        ),
        style="distinctive",
    )
