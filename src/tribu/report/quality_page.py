"""What the page on the data says: what was read, what was left out and why, what is known and of when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tribu.report.collection_table import collection_table, collection_warning
from tribu.report.components import Cell, Column, Definition, KeyFigure, RowGroup, Table
from tribu.report.data import Overview, ReportData
from tribu.report.formatters import format_date, format_integer, format_percent
from tribu.report.labels import block_label, code_label, platform_label, problem_label, reject_label, table_label
from tribu.report.language import Language
from tribu.report.method_data import Feature
from tribu.report.prose import structure_doubt
from tribu.report.quality import platform_table, reason_table, row_account_table, source_table
from tribu.report.quality_data import MissingValue
from tribu.report.safety import display_text
from tribu.report.tables import integer_cell, one_group

# Shares of unknown values from which a cell of the heat table is darker. Round numbers: a tenth is a gap, half is most.
_GAPS = ((0.9, "p4"), (0.5, "p3"), (0.25, "p2"), (0.1, "p1"))


@dataclass(frozen=True)
class QualityPage:
    """The page on the data; without influencers there is no table of what is known of them."""

    title: str
    lede: str
    doubt: str | None
    key_figures: tuple[KeyFigure, ...]
    sources: Table
    collection_warning: str | None
    collections: Table | None
    row_accounts: Table
    rejects: Table
    quarantine_reasons: Table
    unread_values: Table
    platforms: Table
    known: Table | None
    observed: str
    identity: tuple[Definition, ...]
    basis: tuple[Definition, ...]
    limits: tuple[str, ...]


def build_quality_page(data: ReportData, lang: Language) -> QualityPage:
    """Build the page on the data from the rows of the report."""
    return QualityPage(
        title=lang.gettext("How good the data are"),
        lede=data_summary(data, lang),
        doubt=structure_doubt(data.overview, lang) if data.clusters else None,
        key_figures=_key_figures(data, lang),
        sources=source_table(data, lang),
        collection_warning=collection_warning(data.quality.collection_runs, lang),
        collections=collection_table(data.quality.collection_runs, lang),
        row_accounts=row_account_table(data, lang),
        rejects=_reject_table(data, lang),
        quarantine_reasons=reason_table(data, lang),
        unread_values=_unread_table(data, lang),
        platforms=platform_table(data, lang),
        known=_known_table(data, lang) if data.quality.missing_values else None,
        observed=_observed(data.overview, lang),
        identity=_identity(data, lang),
        basis=_basis(data, lang),
        limits=tuple(_limits(data, lang)),
    )


def data_summary(data: ReportData, lang: Language) -> str:
    """Say in two sentences what was read and what came of it."""
    _ = lang.gettext
    sources = len({row.source for row in data.sources})
    read = lang.ngettext(
        "%(n)s record was read from %(sources)s.", "%(n)s records were read from %(sources)s.", _records_read(data)
    ) % {
        "n": format_integer(_records_read(data), lang=lang),
        "sources": lang.ngettext("%(n)s source", "%(n)s sources", sources) % {"n": format_integer(sources, lang=lang)},
    }
    share = _(
        "Each ended in exactly one place; %(share)s of the rows that landed were set aside, with their reasons."
    ) % {"share": format_percent(data.overview.quarantined_share_ratio, lang=lang)}
    return f"{read} {share}"


def _records_read(data: ReportData) -> int:
    return sum(row.rows_read for row in data.sources)


def _key_figures(data: ReportData, lang: Language) -> tuple[KeyFigure, ...]:
    _ = lang.gettext
    overview, figures = data.overview, data.quality.figures
    used = sum(row.rows_used for row in data.row_accounts)
    landed = sum(row.rows_landed for row in data.row_accounts)
    return (
        KeyFigure(_("Records read"), format_integer(_records_read(data), lang=lang)),
        KeyFigure(
            _("Rows used"),
            format_integer(used, lang=lang),
            _("%(share)s of those that landed")
            % {"share": format_percent(used / landed if landed else None, lang=lang)},
        ),
        KeyFigure(
            _("Rows set aside"),
            format_integer(overview.rows_quarantined, lang=lang),
            _("%(share)s of those that landed")
            % {"share": format_percent(overview.quarantined_share_ratio, lang=lang)},
        ),
        KeyFigure(_("Records rejected"), format_integer(overview.rows_rejected, lang=lang), _("did not land")),
        KeyFigure(
            _("Values known"),
            format_percent(figures.known_share_ratio if figures.influencers else None, lang=lang),
            _("of all influencers and features"),
        ),
    )


def _reject_table(data: ReportData, lang: Language) -> Table:
    _ = lang.gettext
    return Table(
        _("Why records were rejected"),
        (Column(_("Source")), Column(_("Reason")), Column(_("Records"), numeric=True)),
        one_group(
            [
                (
                    Cell(display_text(row.source) or "–", foreign=True),
                    Cell(reject_label(row.reason, lang)),
                    integer_cell(row.records, lang),
                )
                for row in data.quality.reject_reasons
            ]
        ),
        note=_(
            "A rejected record could not be split into cells, or is an account of which the network shows nothing; its "
            "text is kept as it was found."
        ),
    )


def _unread_table(data: ReportData, lang: Language) -> Table:
    _ = lang.gettext
    return Table(
        _("Values that could not be read"),
        (Column(_("Table")), Column(_("Column")), Column(_("What is wrong")), Column(_("Rows"), numeric=True)),
        one_group(
            [
                (
                    Cell(table_label(row.table_name, lang)),
                    Cell(display_text(row.column_name) or "–", foreign=True),
                    Cell(problem_label(row.problem, lang)),
                    integer_cell(row.rows, lang),
                )
                for row in data.quality.unread_values
            ]
        ),
        note=_("Only the value is left out, and counts as not known; the rest of its row is used."),
    )


def _known_table(data: ReportData, lang: Language) -> Table:
    """Show the share of influencers of whom each feature is known, the gaps darker, by platform."""
    _ = lang.gettext
    rows = data.quality.missing_values
    platforms = list(dict.fromkeys(row.platform for row in data.platforms))
    platforms += sorted({row.platform for row in rows} - set(platforms))
    by_feature: dict[str, dict[str, MissingValue]] = {}
    for row in rows:
        by_feature.setdefault(row.feature, {})[row.platform] = row
    features = {row.feature: row for row in data.method.features}
    groups: dict[str, list[tuple[Cell, ...]]] = {}
    for name, found in by_feature.items():
        block = features[name].block if name in features else ""
        groups.setdefault(block, []).append(
            (
                Cell(_feature_name(features, name, lang)),
                _known_cell(list(found.values()), lang),
                *(_known_cell([found[platform]] if platform in found else [], lang) for platform in platforms),
            )
        )
    return Table(
        _("Of how many influencers each feature is known, by platform"),
        (
            Column(_("Feature")),
            Column(_("Everyone"), numeric=True),
            *(Column(platform_label(platform), numeric=True) for platform in platforms),
        ),
        tuple(RowGroup(tuple(cells), block_label(block, lang) if block else None) for block, cells in groups.items()),
        note=_(
            "The deeper the colour, the more is missing. A feature marked as not compared plays no part in the "
            "clusters of that platform: it is known of too few, it is the same for everybody, or another one says "
            "nearly the same."
        ),
        style="heat",
    )


def _known_cell(rows: Sequence[MissingValue], lang: Language) -> Cell:
    influencers = sum(row.influencers for row in rows)
    if not influencers:
        return Cell("–", tone="none")
    known = sum(row.known_influencers for row in rows)
    share = known / influencers
    # from the counts: 1 − 0.9 is a hair less than a tenth
    missing = (influencers - known) / influencers
    tone = next((tone for bound, tone in _GAPS if missing >= bound), "0")
    compared = any(row.is_compared for row in rows)
    return Cell(
        format_percent(share, lang=lang),
        sort_value=repr(share),
        detail=None if compared else lang.gettext("not compared"),
        tone=tone,
    )


def _feature_name(features: Mapping[str, Feature], name: str, lang: Language) -> str:
    feature = features.get(name)
    label = lang.choose(en=feature.feature_label_en, fr=feature.feature_label_fr) if feature is not None else None
    return display_text(label, limit=120) or code_label(name)


def _observed(overview: Overview, lang: Language) -> str:
    start, end = overview.observed_from, overview.observed_to
    if start is None or end is None:
        return lang.gettext("No source states when it looked; nothing can be said about growth or about silence.")
    message = (
        lang.gettext("All observations are from %(end)s.")
        if start == end
        else lang.gettext("The observations run from %(start)s to %(end)s.")
    )
    return message % {"start": format_date(start, lang=lang), "end": format_date(end, lang=lang)}


def _basis(data: ReportData, lang: Language) -> tuple[Definition, ...]:
    _ = lang.gettext
    figures = data.quality.figures

    def of(count: int, whole: int) -> str:
        return _("%(n)s (%(share)s)") % {
            "n": format_integer(count, lang=lang),
            "share": format_percent(count / whole if whole else None, lang=lang),
        }

    people = figures.influencers
    return (
        Definition(_("Engagement measured on posts"), of(figures.influencers_measured, people)),
        Definition(_("Engagement from averages that a source states"), of(figures.influencers_stated, people)),
        Definition(_("Engagement not known"), of(figures.influencers_without_engagement, people)),
        Definition(_("Some compared feature not known"), of(figures.influencers_imputed, people)),
        Definition(_("No compared feature known"), of(figures.influencers_all_imputed, people)),
        Definition(_("Profiles without a date"), of(figures.observations_assumed_date, figures.observations)),
        Definition(_("Posts without a date"), of(figures.posts_without_date, figures.posts)),
        Definition(_("Posts that may or may not be sponsored"), of(figures.posts_without_disclosure, figures.posts)),
    )


def _identity(data: ReportData, lang: Language) -> tuple[Definition, ...]:
    """State who was seen again, under another name or with several accounts, and counts that cannot be."""
    _ = lang.gettext
    figures = data.quality.identity
    counts = (
        (_("Influencers seen on several dates"), figures.influencers_observed_again),
        (_("Change of followers known"), figures.influencers_with_change),
        (_("Growth known"), figures.influencers_with_growth),
        (_("Counts that fell by most of what they were"), figures.counter_resets),
        (_("Counts that rose more than can be"), figures.counter_jumps),
        (_("Changes of name, the account known throughout"), figures.renames_kept),
        (_("Changes of handle that you stated"), figures.renames_applied),
        (_("Changes of handle that look likely, not applied"), figures.renames_proposed),
        (_("Links between accounts of different networks"), figures.links_stated),
        (_("Of these, taken for one person's"), figures.links_applied),
        (_("People with several accounts"), figures.people_with_several_accounts),
    )
    return tuple(Definition(term, format_integer(count, lang=lang)) for term, count in counts)


def _limits(data: ReportData, lang: Language) -> list[str]:
    _ = lang.gettext
    figures = data.quality.figures
    stated = [
        _(
            "Where two rows speak of the same account and the same moment, the one that states more is used, then the "
            "one imported last; the other is counted as superseded. Which of them is right is not known."
        )
    ]
    if figures.observations_assumed_date:
        stated.append(
            _(
                "Where a source gives no date, the moment of the import stands in. Such rows count in every figure but "
                "not in the dates above."
            )
        )
    if figures.influencers_stated and figures.influencers_measured:
        stated.append(
            _(
                "Engagement measured on posts is a median, engagement from stated averages a mean. A few viral posts "
                "lift a mean and not a median, so the two are not quite the same figure."
            )
        )
    if figures.influencers_imputed:
        stated.append(
            _(
                "A value that is not known stands at the median of its platform when influencers are compared. It "
                "pulls nobody anywhere, and makes those of whom little is known look more alike than they are."
            )
        )
    stated.append(
        _(
            "Sponsored posts are those that a source or a hashtag declares. Advertising that nobody declares counts as "
            "an ordinary post."
        )
    )
    stated.append(_("Nothing here checks whether followers or likes are real."))
    return stated
