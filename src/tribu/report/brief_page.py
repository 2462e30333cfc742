"""The page of the campaign briefs: what each asks for, what that leaves out, and who answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

from tribu.report.briefs import Brief, BriefMatch, BriefValue
from tribu.report.charts import member_label
from tribu.report.components import Cell, Column, Definition, Link, Table
from tribu.report.data import Cluster, ReportData
from tribu.report.formatters import (
    NOT_KNOWN,
    format_integer,
    format_language,
    format_percent,
    format_score,
)
from tribu.report.labels import code_label, platform_label, value_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.prose import cluster_name
from tribu.report.safety import display_text
from tribu.report.spreadsheet import csv_bytes
from tribu.report.tables import (
    compact_cell,
    integer_cell,
    number_cell,
    one_group,
    percent_cell,
    person_cell,
    share_bar,
)

PAGE: Final = "briefs.html"
"""Address of the page, from the folder of its language."""

_FILE_COLUMNS: Final = tuple(field.name for field in fields(BriefMatch) if field.name != "brief_id")


@dataclass(frozen=True)
class BriefSection:
    """One brief; ``matches`` is None where nobody answers it."""

    anchor: str
    title: str
    lede: str
    asked: tuple[Definition, ...]
    criteria: Table
    matches: Table | None
    download: Link | None


@dataclass(frozen=True)
class BriefPage:
    """The page of all briefs."""

    title: str
    lede: str
    sections: tuple[BriefSection, ...]
    how: tuple[str, ...]


def build_brief_page(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> BriefPage:
    """Build the page; it is there only if there is a brief."""
    _ = lang.gettext
    briefs = data.briefs.briefs
    title = lang.ngettext("%(n)s campaign brief", "%(n)s campaign briefs", len(briefs))
    return BriefPage(
        title=title % {"n": format_integer(len(briefs), lang=lang)},
        lede=_(
            "Whom to ask for a campaign: everyone in the list, held against what the brief asks for, best first. It is "
            "a shortlist to look at, not a decision."
        ),
        sections=tuple(_section(data, brief, markers, lang) for brief in briefs),
        how=(
            _(
                "An influencer answers a brief by meeting everything that it asks for. Of whom something asked for is "
                "not known, that counts as not met, and is counted apart: a longer list of facts may bring them in."
            ),
            _(
                "The score is the mean of its parts, each from 0 to 1: engagement and activity (the share of "
                "comparable influencers with less), availability (the share of posts that nobody paid for), and, "
                "where the brief asks for them, keywords used and closeness to those it wants more of. A part that "
                "is not known counts as 0.5. Weights can be set."
            ),
        ),
    )


def briefs_table(data: ReportData, lang: Language) -> Table | None:
    """List the briefs for the overview; None where there is none."""
    _ = lang.gettext
    if not data.briefs.briefs:
        return None
    rows = []
    for brief in data.briefs.briefs:
        best = data.briefs.matches_of(brief.brief_id)[:1]
        rows.append(
            (
                Cell(_title(brief), href=f"{PAGE}#{_anchor(brief)}", foreign=True),
                integer_cell(brief.matches, lang),
                Cell(_label(best[0]) if best else NOT_KNOWN, foreign=True),
            )
        )
    columns = (Column(_("Campaign brief")), Column(_("Who fits"), numeric=True), Column(_("Best match")))
    return Table(_("Campaign briefs"), columns, one_group(rows))


def brief_files(data: ReportData, lang: Language) -> dict[str, bytes]:
    """Write who answers each brief as CSV, by path from the folder of the language."""
    values = attrgetter(*_FILE_COLUMNS)
    return {
        _file(brief): csv_bytes(_FILE_COLUMNS, map(values, data.briefs.matches_of(brief.brief_id)), lang)
        for brief in data.briefs.briefs
        if data.briefs.matches_of(brief.brief_id)
    }


def _anchor(brief: Brief) -> str:
    return f"brief-{brief.brief_order}"


def _file(brief: Brief) -> str:
    return f"briefs/{brief.brief_order}.csv"


def _title(brief: Brief) -> str:
    return display_text(brief.title, limit=120) or code_label(brief.brief_id)


def _label(match: BriefMatch) -> str:
    return member_label(match.handle, match.display_name, match.influencer_key)


def _section(data: ReportData, brief: Brief, markers: Mapping[str, Marker], lang: Language) -> BriefSection:
    _ = lang.gettext
    matches = data.briefs.matches_of(brief.brief_id)
    return BriefSection(
        anchor=_anchor(brief),
        title=_title(brief),
        lede=_lede(brief, lang),
        asked=_asked(data, brief, lang),
        criteria=_criteria(data, brief, lang),
        matches=_matches(data, brief, matches, markers, lang) if matches else None,
        download=Link(_("This list as a file (CSV)"), _file(brief)) if matches else None,
    )


def _lede(brief: Brief, lang: Language) -> str:
    _ = lang.gettext
    if not brief.matches:
        return _("Nobody of %(n)s influencers fits. The table says which criterion leaves out how many.") % {
            "n": format_integer(brief.influencers, lang=lang)
        }
    found = lang.ngettext(
        "%(matches)s of %(n)s influencers fits.", "%(matches)s of %(n)s influencers fit.", brief.matches
    ) % {
        "matches": format_integer(brief.matches, lang=lang),
        "n": format_integer(brief.influencers, lang=lang),
    }
    if brief.budget is None:
        return found
    if not brief.affordable_matches:
        return f"{found} {_('The budget pays for none of them.')}"
    paid = lang.ngettext(
        "The budget pays for %(n)s of them, the best.",
        "The budget pays for %(n)s of them, the best.",
        brief.affordable_matches,
    ) % {"n": format_integer(brief.affordable_matches, lang=lang)}
    return f"{found} {paid}"


def _criterion_label(criterion: str, lang: Language) -> str:
    _ = lang.gettext
    known = {
        "platform": _("Platform"),
        "country": _("Country"),
        "language": _("Language"),
        "topic": _("Category or keywords"),
        "category": _("Category"),
        "keyword": _("Keywords"),
        "tier": _("Tier"),
        "cluster": _("Cluster"),
        "followers": _("Followers"),
        "engagement": _("Engagement"),
        "sponsored": _("Share of sponsored posts"),
        "budget": _("Budget"),
        "excluded": _("Left out by name"),
        "similar_to": _("More like these"),
    }
    return known.get(criterion, code_label(criterion))


def _asked(data: ReportData, brief: Brief, lang: Language) -> tuple[Definition, ...]:
    _ = lang.gettext
    clusters = {cluster.cluster_key: cluster for cluster in data.clusters}

    def text(value: BriefValue) -> str:
        if value.influencer_key is not None:
            return member_label(value.handle, None, value.influencer_key)
        if value.code is None:
            return display_text(value.term) or NOT_KNOWN
        if value.criterion == "cluster" and value.code in clusters:
            return cluster_name(clusters[value.code], lang)
        if value.criterion == "language":
            return format_language(value.code, lang=lang) or value.code
        return value_label(value.criterion, value.code, lang)

    asked = []
    for criterion in ("platform", "country", "language", "category", "keyword", "tier", "cluster"):
        values = data.briefs.values_of(brief.brief_id, criterion)
        if values:
            asked.append(Definition(_criterion_label(criterion, lang), ", ".join(map(text, values))))
    figures = (
        ("followers", brief.followers_min, brief.followers_max, format_integer),
        ("engagement", brief.er_followers_min, brief.er_followers_max, format_percent),
        ("sponsored", None, brief.sponsored_ratio_max, format_percent),
    )
    for criterion, least, most, formatted in figures:
        bounds = _bounds(
            None if least is None else formatted(least, lang=lang),
            None if most is None else formatted(most, lang=lang),
            lang,
        )
        if bounds is not None:
            asked.append(Definition(_criterion_label(criterion, lang), bounds))
    if brief.budget is not None:
        asked.append(Definition(_criterion_label("budget", lang), _money(brief.budget, brief, lang)))
    for criterion in ("similar_to", "excluded"):
        values = data.briefs.values_of(brief.brief_id, criterion)
        if values:
            asked.append(Definition(_criterion_label(criterion, lang), ", ".join(map(text, values))))
    return tuple(asked)


def _bounds(least: str | None, most: str | None, lang: Language) -> str | None:
    _ = lang.gettext
    if least is not None and most is not None:
        return _("%(least)s to %(most)s") % {"least": least, "most": most}
    if least is not None:
        return _("at least %(least)s") % {"least": least}
    return None if most is None else _("at most %(most)s") % {"most": most}


def _money(amount: float, brief: Brief, lang: Language) -> str:
    text = format_integer(round(amount), lang=lang)
    return text if brief.currency is None else f"{text}\u00a0{brief.currency}"


def _criteria(data: ReportData, brief: Brief, lang: Language) -> Table:
    _ = lang.gettext
    rows = [
        (
            Cell(_criterion_label(row.criterion, lang)),
            integer_cell(row.unmet, lang),
            integer_cell(row.not_known, lang),
            integer_cell(row.only_this, lang),
        )
        for row in data.briefs.criteria_of(brief.brief_id)
    ]
    return Table(
        _("How many each criterion leaves out"),
        (
            Column(_("Criterion")),
            Column(_("Do not meet it"), numeric=True),
            Column(_("Not known"), numeric=True),
            Column(_("Miss only this one"), numeric=True, hint=_("would fit without it")),
        ),
        one_group(rows),
        note=_("Whoever misses several is counted under each."),
    )


def _matches(
    data: ReportData, brief: Brief, matches: tuple[BriefMatch, ...], markers: Mapping[str, Marker], lang: Language
) -> Table:
    _ = lang.gettext
    clusters = {cluster.cluster_key: cluster for cluster in data.clusters}
    is_priced = any(match.cost is not None for match in matches)
    columns = [
        Column(_("Influencer")),
        Column(_("Platform")),
        Column(_("Score"), hint=_("0 to 1"), order="descending"),
        Column(_("Followers"), numeric=True),
        Column(_("Engagement"), numeric=True, hint=_("of followers")),
        Column(_("Cluster")),
        Column(_("For")),
        Column(_("Against")),
    ]
    if is_priced:
        columns.insert(5, Column(_("Cost"), numeric=True, hint=brief.currency))
    rows = []
    for match in matches:
        row = [
            _person(data, match),
            Cell(platform_label(match.platform)),
            Cell(
                format_score(match.score, lang=lang),
                sort_value=repr(match.score),
                bar=share_bar(match.score),
            ),
            compact_cell(match.followers_count, lang),
            percent_cell(match.er_followers, lang),
            _cluster(match, clusters, markers, lang),
            Cell(_reasons(match.reasons_for, lang, against=False)),
            Cell(_reasons(match.reasons_against, lang, against=True)),
        ]
        if is_priced:
            row.insert(
                5, number_cell(format_integer(None if match.cost is None else round(match.cost), lang=lang), match.cost)
            )
        rows.append(tuple(row))
    note = None
    if len(matches) < brief.matches:
        note = _("The best %(shown)s of %(n)s are listed; marts.brief_matches has all.") % {
            "shown": format_integer(len(matches), lang=lang),
            "n": format_integer(brief.matches, lang=lang),
        }
    return Table(
        _("Who fits, the best first"), tuple(columns), one_group(rows), note=note, sortable=True, style="matches"
    )


def _person(data: ReportData, match: BriefMatch) -> Cell:
    page = f"influencers/{match.influencer_key}.html" if match.influencer_key in data.people.keys else None
    return person_cell(match.handle, match.display_name, match.influencer_key, match.profile_url, page)


def _cluster(match: BriefMatch, clusters: Mapping[str, Cluster], markers: Mapping[str, Marker], lang: Language) -> Cell:
    key = match.cluster_key
    if key not in clusters:
        return Cell(NOT_KNOWN)
    return Cell(cluster_name(clusters[key], lang), href=f"clusters/{key}.html", marker=markers[key])


def _reasons(codes: str | None, lang: Language, *, against: bool) -> str:
    _ = lang.gettext
    if codes is None:
        return ""
    high = {
        "engagement": _("high engagement"),
        "activity": _("posts often"),
        "availability": _("few ads"),
        "keywords": _("uses the keywords"),
        "similarity": _("close to those named"),
    }
    low = {
        "engagement": _("low engagement"),
        "activity": _("posts seldom"),
        "availability": _("mostly ads"),
        "keywords": _("uses few of the keywords"),
        "similarity": _("far from those named"),
        "engagement_unknown": _("engagement not known"),
        "activity_unknown": _("rhythm not known"),
        "availability_unknown": _("ads not known"),
        "borderline": _("between two clusters"),
    }
    words = low if against else high
    return ", ".join(words.get(code, code_label(code)) for code in codes.split(";"))
