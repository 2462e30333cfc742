"""Opportunities in words: which clusters meet which rule, by which figures, and how far to believe it.

The rules are SQL (macro ``opportunity_rules``); this module knows what they are called. A rule that has no words
here is shown by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tribu.report.components import Cell, Column, Link, Table
from tribu.report.data import Cluster, Profile, ReportData
from tribu.report.formatters import format_deviation, format_integer, format_measure, format_percent, format_score
from tribu.report.labels import code_label, stability_label, value_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.overview_data import Opportunity
from tribu.report.prose import cluster_name, feature_label, structure_doubt
from tribu.report.tables import one_group


@dataclass(frozen=True, slots=True)
class Finding:
    """A cluster that meets a rule; ``warning`` stands in where the cluster is not to be trusted."""

    link: Link
    figures: tuple[str, ...]
    known: str
    belief: str | None
    warning: str | None


@dataclass(frozen=True, slots=True)
class OpportunityCard:
    """A rule that some cluster meets."""

    title: str
    meaning: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Opportunities:
    """The section: cards of the rules that are met, and every rule with what came of it."""

    cards: tuple[OpportunityCard, ...]
    doubt: str | None
    rules: Table


@dataclass(frozen=True, slots=True)
class _Condition:
    measure: str
    statistic: str
    comparison: str
    threshold: float
    measured: float | None


def build_opportunities(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Opportunities | None:
    """Tell the opportunities; None where there are not two clusters to compare."""
    rows = data.overview_rows.opportunities
    if len({row.cluster_key for row in rows}) < 2:
        return None
    clusters = {cluster.cluster_key: cluster for cluster in data.clusters}
    rules = [tuple(group) for _name, group in groupby(rows, key=lambda row: row.rule_name)]
    cards = []
    for rule in rules:
        met = [row for row in rule if row.verdict == "met"]
        if met:
            findings = tuple(_finding(row, clusters[row.cluster_key], data, markers, lang) for row in met)
            cards.append(OpportunityCard(_title(rule[0].rule_name, lang), _meaning(rule[0].rule_name, lang), findings))
    return Opportunities(tuple(cards), structure_doubt(data.overview, lang), _rule_table(rules, data, lang))


def _title(rule_name: str, lang: Language) -> str:
    _ = lang.gettext
    known = {
        "unsold_attention": _("Attention that few have bought"),
        "engaged_small_accounts": _("Small accounts that engage more than their peers"),
        "growing": _("Growing audiences"),
        "paid_posts_that_work": _("Sponsored posts that work as well as others"),
        "niche_audience": _("A niche of its own"),
    }
    return known.get(rule_name, code_label(rule_name))


def _meaning(rule_name: str, lang: Language) -> str | None:
    _ = lang.gettext
    return {
        "unsold_attention": _(
            "Their audience reacts more than others on the same platform, and few of their posts are sponsored."
        ),
        "engaged_small_accounts": _(
            "Their smallest members get more interactions per follower than accounts of the same tier on the same "
            "platform."
        ),
        "growing": _("They gain followers faster than others on the same platform."),
        "paid_posts_that_work": _("Their sponsored posts get about as many interactions as their other posts."),
        "niche_audience": _("One category is much more common among them than among everyone."),
    }.get(rule_name)


def _finding(
    row: Opportunity, cluster: Cluster, data: ReportData, markers: Mapping[str, Marker], lang: Language
) -> Finding:
    _ = lang.gettext
    profiles = {profile.feature: profile for profile in data.profiles.get(row.cluster_key, ())}
    if row.members == cluster.influencers:
        known = lang.ngettext(
            "known for %(known)s of %(n)s member", "known for %(known)s of %(n)s members", row.members
        )
    else:
        known = lang.ngettext(
            "known for %(known)s of %(n)s small account", "known for %(known)s of %(n)s small accounts", row.members
        )
    known %= {"known": format_integer(row.known_members, lang=lang), "n": format_integer(row.members, lang=lang)}
    doubtful = row.stability_reading == "do_not_trust"
    return Finding(
        link=Link(cluster_name(cluster, lang), f"clusters/{row.cluster_key}.html", markers[row.cluster_key]),
        figures=tuple(_found(row, profiles, lang)),
        known=known,
        belief=None
        if doubtful or row.stability_reading is None
        else _("stability of the cluster: %(reading)s") % {"reading": stability_label(row.stability_reading, lang)},
        warning=_("Do not trust this one: the cluster does not come back when it is looked for in halves of the data.")
        if doubtful
        else None,
    )


def _conditions(row: Opportunity) -> list[_Condition]:
    conditions = [_Condition(row.measure_1, row.statistic_1, row.comparison_1, row.threshold_1, row.measured_1)]
    if row.measure_2 and row.statistic_2 and row.comparison_2 and row.threshold_2 is not None:
        conditions.append(_Condition(row.measure_2, row.statistic_2, row.comparison_2, row.threshold_2, row.measured_2))
    return conditions


def _found(row: Opportunity, profiles: Mapping[str, Profile], lang: Language) -> list[str]:
    """Say the figures by which a rule is met, one sentence each."""
    _ = lang.gettext
    conditions = _conditions(row)
    compared = {one.measure for one in conditions if one.statistic == "robust_z"}
    told = []
    for one in conditions:
        profile = profiles.get(one.measure)
        name = _measure_name(one.measure, profile, lang)
        if one.statistic == "robust_z" and profile is not None:
            message = _("%(measure)s: %(cluster)s against %(overall)s for everyone (robust z %(z)s)")
            told.append(
                message
                % {
                    "measure": name,
                    "cluster": format_measure(profile.cluster_median, profile.unit, lang=lang),
                    "overall": format_measure(profile.overall_median, profile.unit, lang=lang),
                    "z": format_deviation(one.measured, lang=lang),
                }
            )
        elif one.statistic == "cohort_ratio":
            message = _("%(measure)s: %(ratio)s times the median of the same platform and tier")
            told.append(message % {"measure": name, "ratio": format_score(one.measured, lang=lang)})
        elif one.statistic == "share":
            message = _("%(niche)s: %(share)s of the members")
            told.append(message % {"niche": _niche(row, lang), "share": format_percent(one.measured, lang=lang)})
        elif one.statistic == "lift":
            message = _("%(ratio)s times its share among everyone")
            told.append(message % {"ratio": format_score(one.measured, lang=lang)})
        elif one.measure not in compared:
            value = _in_unit(one.measured, profile, lang)
            told.append(_("%(measure)s: %(value)s") % {"measure": name, "value": value})
    return told


def _asked(row: Opportunity, profiles: Mapping[str, Profile], lang: Language) -> list[str]:
    """Say what a rule asks for, one sentence for each condition."""
    _ = lang.gettext
    told = []
    for one in _conditions(row):
        profile = profiles.get(one.measure)
        values = {"measure": _measure_name(one.measure, profile, lang)}
        at_least = one.comparison == "at_least"
        if one.statistic == "robust_z":
            values["value"] = format_deviation(one.threshold, lang=lang)
            message = (
                _("%(measure)s: median %(value)s or more from everyone on the platform (robust z)")
                if at_least
                else _("%(measure)s: median %(value)s or less from everyone on the platform (robust z)")
            )
        elif one.statistic in {"cohort_ratio", "lift"}:
            values["value"] = format_score(one.threshold, lang=lang)
            message = (
                _("%(measure)s: at least %(value)s times the median of the same platform and tier")
                if one.statistic == "cohort_ratio"
                else _("%(measure)s: at least %(value)s times its share among everyone")
            )
        elif one.statistic == "share":
            values["value"] = format_percent(one.threshold, lang=lang)
            message = _("%(measure)s: at least %(value)s of the members in one")
        else:
            values["value"] = _in_unit(one.threshold, profile, lang)
            message = (
                _("%(measure)s: median of at least %(value)s")
                if at_least
                else _("%(measure)s: median of at most %(value)s")
            )
        told.append(message % values)
    return told


def _measure_name(measure: str, profile: Profile | None, lang: Language) -> str:
    if profile is not None:
        return feature_label(profile, lang)
    return lang.gettext("Category") if measure == "category" else code_label(measure)


def _in_unit(value: float | None, profile: Profile | None, lang: Language) -> str:
    return format_score(value, lang=lang) if profile is None else format_measure(value, profile.unit, lang=lang)


def _niche(row: Opportunity, lang: Language) -> str:
    return value_label("category", row.niche or "unknown", lang)


def _rule_table(rules: Sequence[tuple[Opportunity, ...]], data: ReportData, lang: Language) -> Table:
    _ = lang.gettext
    rows = []
    for rule in rules:
        first = rule[0]
        profiles = {profile.feature: profile for profile in data.profiles.get(first.cluster_key, ())}
        rows.append(
            (
                Cell(_title(first.rule_name, lang)),
                Cell(" · ".join(_asked(first, profiles, lang))),
                Cell(_result(rule, lang)),
                Cell(_silence(rule, data, lang) or ""),
            )
        )
    return Table(
        _("Every rule, what it asks for and what came of it"),
        (Column(_("Rule")), Column(_("Asked for")), Column(_("Result")), Column(_("Not judged"))),
        one_group(rows),
        note=_(
            "A rule says nothing of a cluster where its figures are known of too few members. Thresholds are settings "
            "of the project."
        ),
        style="rules",
    )


def _result(rule: Sequence[Opportunity], lang: Language) -> str:
    _ = lang.gettext
    met = sum(row.verdict == "met" for row in rule)
    judged = sum(row.verdict != "not_known" for row in rule)
    if not judged:
        return _("could not be judged")
    message = lang.ngettext(
        "met by %(met)s of %(judged)s cluster judged", "met by %(met)s of %(judged)s clusters judged", judged
    )
    return message % {"met": format_integer(met, lang=lang), "judged": format_integer(judged, lang=lang)}


def _silence(rule: Sequence[Opportunity], data: ReportData, lang: Language) -> str | None:
    """Say of how many clusters a rule says nothing, and which figures are lacking; None where it judges all."""
    _ = lang.gettext
    silent = [row for row in rule if row.verdict == "not_known"]
    if not silent:
        return None
    lacking = dict.fromkeys(
        _measure_name(
            row.least_known_measure,
            next(
                (one for one in data.profiles.get(row.cluster_key, ()) if one.feature == row.least_known_measure), None
            ),
            lang,
        )
        for row in silent
    )
    message = lang.ngettext(
        "%(n)s cluster, too few members with a known value: %(measures)s",
        "%(n)s clusters, too few members with a known value: %(measures)s",
        len(silent),
    )
    return message % {"n": format_integer(len(silent), lang=lang), "measures": ", ".join(lacking)}
