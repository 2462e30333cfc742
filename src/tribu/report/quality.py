"""Where the rows went and how the clusters were chosen: what lets a reader check the rest."""

from __future__ import annotations

from tribu.report.components import Cell, Column, Definition, Table
from tribu.report.data import Overview, ReportData
from tribu.report.formatters import format_date, format_integer, format_percent, format_score
from tribu.report.labels import algorithm_label, platform_label, reason_label, table_label
from tribu.report.language import Language
from tribu.report.prose import silhouette_text
from tribu.report.safety import display_text
from tribu.report.tables import integer_cell, one_group, share_bar


def platform_table(data: ReportData, lang: Language) -> Table:
    """List the platforms with their influencers and posts."""
    _ = lang.gettext
    return Table(
        _("Influencers and posts on each platform"),
        (
            Column(_("Platform")),
            Column(_("Influencers"), numeric=True),
            Column(_("Share")),
            Column(_("Posts"), numeric=True),
        ),
        one_group(
            [
                (
                    Cell(platform_label(row.platform)),
                    integer_cell(row.influencers, lang),
                    Cell(format_percent(row.share_ratio, lang=lang), bar=share_bar(row.share_ratio)),
                    integer_cell(row.posts, lang),
                )
                for row in data.platforms
            ]
        ),
    )


def source_table(data: ReportData, lang: Language) -> Table:
    """List what was read from each source and what came of it."""
    _ = lang.gettext
    return Table(
        _("What was read from each source"),
        (
            Column(_("Source")),
            Column(_("Table")),
            Column(_("Files"), numeric=True),
            Column(_("Read"), numeric=True),
            Column(_("Landed"), numeric=True),
            Column(_("Duplicates"), numeric=True),
            Column(_("Rejected"), numeric=True),
            Column(_("Forgotten"), numeric=True),
            Column(_("Latest observation")),
        ),
        one_group(
            [
                (
                    Cell(display_text(row.source) or "–", foreign=True),
                    Cell(table_label(row.table_name, lang)),
                    integer_cell(row.files, lang),
                    integer_cell(row.rows_read, lang),
                    integer_cell(row.rows_landed, lang),
                    integer_cell(row.rows_duplicate, lang),
                    integer_cell(row.rows_rejected, lang),
                    integer_cell(row.rows_forgotten, lang),
                    Cell(
                        format_date(row.observed_to, lang=lang),
                        sort_value=None if row.observed_to is None else row.observed_to.isoformat(),
                    ),
                )
                for row in data.sources
            ]
        ),
        note=_(
            "Read = landed + duplicates + rejected + forgotten. The table of rejected records says why; forgotten are "
            "records of people who asked for it, and those that a network's terms let nobody keep any longer."
        ),
        style="wide",
    )


def row_account_table(data: ReportData, lang: Language) -> Table:
    """Account for the rows that landed: used, superseded or set aside."""
    _ = lang.gettext
    return Table(
        _("What became of the rows that landed"),
        (
            Column(_("Table")),
            Column(_("Landed"), numeric=True),
            Column(_("Used"), numeric=True),
            Column(_("Superseded"), numeric=True),
            Column(_("Set aside"), numeric=True),
        ),
        one_group(
            [
                (
                    Cell(table_label(row.table_name, lang)),
                    integer_cell(row.rows_landed, lang),
                    integer_cell(row.rows_used, lang),
                    integer_cell(row.rows_superseded, lang),
                    integer_cell(row.rows_quarantined, lang),
                )
                for row in data.row_accounts
            ]
        ),
        note=_("Landed = used + superseded by a later or equal observation + set aside in quarantine."),
    )


def reason_table(data: ReportData, lang: Language) -> Table:
    """List why rows were set aside."""
    _ = lang.gettext
    return Table(
        _("Why rows were set aside"),
        (Column(_("Table")), Column(_("Reason")), Column(_("Rows"), numeric=True)),
        one_group(
            [
                (
                    Cell(table_label(row.table_name, lang)),
                    Cell(reason_label(row.reason, lang)),
                    integer_cell(row.rows, lang),
                )
                for row in data.quarantine_reasons
            ]
        ),
        note=_("A row with several reasons is counted under each."),
    )


def selection_sentence(overview: Overview, lang: Language) -> str | None:
    """Say why this clustering was chosen; None where only a sentence in English is known of it."""
    _ = lang.gettext
    sentences = {
        "no_influencers": _("There were no influencers to cluster."),
        "too_few": _("Too few different influencers to compare clusters: everybody is one cluster."),
        "no_structure": _(
            "Candidates tried: %(tried)s. None that could be used shows more structure than the same data with every "
            "column shuffled. Segments would be invented: everybody is one cluster."
        ),
        "not_stable": _(
            "Candidates tried: %(tried)s. Some show more structure than shuffled data, but none of them is stable "
            "enough to be found again on other rows, with clusters of a usable number and size: everybody is one "
            "cluster."
        ),
        "most_stable": _(
            "Candidates tried: %(tried)s; those that pass every floor: %(passing)s. Of those whose silhouette is "
            "nearly the highest, this one is the most stable by Hennig's reading, with the most clusters: k = %(k)s, "
            "silhouette %(silhouette)s (shuffled data: %(null)s), stability %(stability)s."
        ),
        "as_before": _(
            "Candidates tried: %(tried)s; those that pass every floor: %(passing)s. Of those whose silhouette is "
            "nearly the highest and that are the most stable by Hennig's reading, this one has as many clusters as the "
            "model before: k = %(k)s, silhouette %(silhouette)s (shuffled data: %(null)s), stability %(stability)s."
        ),
        "pinned": _("Pinned by the settings, and it passes every floor."),
        "pinned_below_floors": _("Pinned by the settings; left to its figures it would not have won the choice."),
        "pin_impossible": _(
            "The settings pin an algorithm or a number of clusters that these data do not allow or SQL could not "
            "reproduce; everybody is one cluster."
        ),
    }
    known = sentences.get(overview.selection_code or "")
    if known is None:
        return None
    return known % {
        "tried": format_integer(overview.candidates_count, lang=lang),
        "passing": format_integer(overview.passing_count, lang=lang),
        "k": format_integer(overview.k, lang=lang),
        "silhouette": format_score(overview.silhouette, lang=lang),
        "null": format_score(overview.null_silhouette, lang=lang),
        "stability": format_score(overview.stability, lang=lang),
    }


def method_definitions(data: ReportData, feature_count: int, lang: Language) -> tuple[Definition, ...]:
    """State how the clusters were found, in terms and figures."""
    _ = lang.gettext
    overview = data.overview
    return (
        Definition(_("Algorithm"), algorithm_label(overview.algorithm, lang)),
        Definition(_("Number of clusters (k)"), format_integer(overview.k, lang=lang)),
        Definition(_("Silhouette"), silhouette_text(overview.silhouette, lang)),
        Definition(_("Silhouette of shuffled data"), format_score(overview.null_silhouette, lang=lang)),
        Definition(_("Agreement with refits on halves"), format_score(overview.stability, lang=lang)),
        Definition(_("Agreement of SQL with the algorithm"), format_percent(overview.fidelity, lang=lang)),
        Definition(_("Candidates tried"), format_integer(overview.candidates_count, lang=lang)),
        Definition(_("Influencers outside every cluster"), format_integer(overview.noise_influencers, lang=lang)),
        Definition(_("Features compared"), format_integer(feature_count, lang=lang)),
        Definition(_("Influencers in the fit"), format_integer(overview.fit_rows, lang=lang)),
    )
