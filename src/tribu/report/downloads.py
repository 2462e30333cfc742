"""Files to take away: influencers, clusters, the model and the rules, with what each column means.

Each language has CSV files of its own (see ``spreadsheet``); SQL and JSON stand once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any, Final

from tribu.report.components import Cell, Column, Table
from tribu.report.data import Cluster, ReportData
from tribu.report.formatters import format_integer, format_size
from tribu.report.language import ENGLISH, Language
from tribu.report.overview_data import DictionaryEntry, Influencer, Prototype
from tribu.report.prose import cluster_name
from tribu.report.safety import display_text, safe_link
from tribu.report.spreadsheet import csv_bytes
from tribu.report.tables import one_group
from tribu.rule_text import rule_query

FOLDER: Final = "downloads"

_FILES: Final = {
    "rpt_influencers": "influencers.csv",
    "rpt_clusters": "clusters.csv",
    "rpt_prototypes": "prototypes.csv",
}
_RULES: Final = "rules.sql"
_DICTIONARY: Final = "data_dictionary.csv"
# Far above the longest rule of a tree four questions deep; a rule that is cut would be another rule.
_RULE_LIMIT: Final = 20_000


def shared_downloads(data: ReportData) -> dict[str, bytes]:
    """Write the files that are the same in every language, by their name in the folder."""
    return {_RULES: _rules_sql(data)} if data.clusters else {}


def language_downloads(data: ReportData, lang: Language) -> dict[str, bytes]:
    """Write the files that a spreadsheet reads by its country's habits, by their name in the folder."""
    if not data.clusters:
        return {}
    rows = data.overview_rows
    people = (_values(row, profile_url=safe_link(row.profile_url)) for row in rows.influencers)
    entries = (
        (_FILES.get(row.table_name, row.table_name), *astuple(row)[1:])
        for row in rows.dictionary
        if row.table_name in _FILES
    )
    return {
        "influencers.csv": csv_bytes(_names(Influencer), people, lang),
        "clusters.csv": csv_bytes(_names(Cluster), (astuple(row) for row in data.clusters), lang),
        "prototypes.csv": csv_bytes(_names(Prototype), (astuple(row) for row in rows.prototypes), lang),
        _DICTIONARY: csv_bytes(["file", *_names(DictionaryEntry)[1:]], entries, lang),
    }


def _names(row_type: type) -> list[str]:
    return [field.name for field in fields(row_type)]


def _values(row: Any, **replaced: object) -> tuple[object, ...]:
    return tuple(replaced.get(field.name, getattr(row, field.name)) for field in fields(row))


def _rules_sql(data: ReportData) -> bytes:
    lines = [
        "-- Who is like each cluster, as a query over the warehouse; precision and recall are those of the whole list."
    ]
    for cluster in data.clusters:
        predicate = display_text(cluster.rule_sql, limit=_RULE_LIMIT)
        if predicate is None:
            continue
        precision, recall = cluster.rule_precision_ratio, cluster.rule_recall_ratio
        figures = ", ".join(
            f"{name} {value:.3f}" for name, value in (("precision", precision), ("recall", recall)) if value is not None
        )
        # one line each: a name with a line break in it would not stay in its comment
        lines += [
            "",
            f"-- {cluster.cluster_key}: {cluster_name(cluster, ENGLISH)}",
            *([f"-- {figures}"] if figures else []),
        ]
        lines.append(f"{rule_query(predicate)};")
    return ("\n".join(lines) + "\n").encode("utf-8", errors="replace")


def download_table(data: ReportData, sizes: Mapping[str, int], lang: Language) -> Table | None:
    """List the files with their size and what is in them; None where there is none.

    Parameters
    ----------
    data
        The rows of the report.
    sizes
        Bytes of each file by its address from the page.
    """
    _ = lang.gettext
    if not sizes:
        return None
    texts = {
        "influencers.csv": _people_text(data, lang),
        "clusters.csv": _(
            "One row per cluster: names, size, medians, stability, and its rule with precision and recall."
        ),
        "prototypes.csv": _("The model itself: with these figures new influencers can be assigned without Tribu."),
        _RULES: _("One query per cluster that picks influencers like its members from the warehouse."),
        _DICTIONARY: _("What each column of these files means."),
        "report.json": _("Every figure of this report, for programs."),
    }
    rows = [
        (
            Cell(address.rpartition("/")[2], href=address),
            Cell(texts[address.rpartition("/")[2]]),
            Cell(format_size(size, lang=lang), sort_value=str(size)),
        )
        for address, size in sizes.items()
    ]
    return Table(
        _("Files of this report"),
        (Column(_("File")), Column(_("What is in it")), Column(_("Size"), numeric=True)),
        one_group(rows),
        note=_(
            "CSV files open in a spreadsheet with a double click. A text that it would run as a formula has an "
            "apostrophe before it."
        ),
        style="downloads",
    )


def _people_text(data: ReportData, lang: Language) -> str:
    _ = lang.gettext
    written, everyone = len(data.overview_rows.influencers), data.overview.influencers
    if written >= everyone:
        message = lang.ngettext(
            "%(n)s influencer: profile, figures and cluster.",
            "All %(n)s influencers: profile, figures and cluster.",
            everyone,
        )
        return message % {"n": format_integer(everyone, lang=lang)}
    message = lang.ngettext(
        "The %(n)s influencer with most followers of %(all)s: profile, figures and cluster. Left out: %(cut)s.",
        "The %(n)s influencers with most followers of %(all)s: profile, figures and cluster. Left out: %(cut)s.",
        written,
    )
    cut = {
        "n": format_integer(written, lang=lang),
        "all": format_integer(everyone, lang=lang),
        "cut": format_integer(everyone - written, lang=lang),
    }
    return f"{message % cut} {_('The command tribu export csv writes all of them.')}"
