"""What the members of a cluster write about, as its page tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tribu.report.components import Cell, Column, RowGroup, Table
from tribu.report.data import ReportData, Term
from tribu.report.formatters import NOT_KNOWN, format_integer, format_percent, format_rate
from tribu.report.language import Language
from tribu.report.safety import display_text
from tribu.report.tables import integer_cell, number_cell, percent_cell, share_bar


@dataclass(frozen=True, slots=True)
class Talk:
    """The terms of a cluster and the sentence above them; there may be no table."""

    sentence: str
    table: Table | None


def talk_of(data: ReportData, cluster_key: str, slot: int, lang: Language) -> Talk | None:
    """Say what the members of a cluster write about; None where that is not known of any cluster."""
    _ = lang.gettext
    if not data.terms:
        return None
    terms = data.terms.get(cluster_key, ())
    if not terms:
        return Talk(_("No hashtag or word is used by more than a handful of its members."), None)
    if any(term.is_distinctive for term in terms):
        sentence = _("Some hashtags or words are clearly more common among its members than among everyone.")
    else:
        sentence = _("None of these is clearly more common among its members than among everyone.")
    reading = _("The bar is the share of the members; the tick on it is the share among everyone.")
    return Talk(f"{sentence} {reading}", _terms_table(terms, slot, lang))


def _terms_table(terms: Sequence[Term], slot: int, lang: Language) -> Table:
    _ = lang.gettext
    distinctive = tuple(_term_row(term, slot, lang) for term in terms if term.is_distinctive)
    others = tuple(_term_row(term, slot, lang) for term in terms if not term.is_distinctive)
    groups = [
        RowGroup(distinctive, _("Clearly more common among its members")),
        RowGroup(others, _("Common, and not clearly more so than among everyone")),
    ]
    base = lang.ngettext(
        "Of the %(n)s member of whom hashtags or words are known.",
        "Of the %(n)s members of whom hashtags or words are known.",
        terms[0].known_members,
    ) % {"n": format_integer(terms[0].known_members, lang=lang)}
    order = _(
        "The order weighs how common a term is in the cluster against how common it is in all (class-based TF-IDF)."
    )
    return Table(
        _("The terms that say most of the cluster"),
        (
            Column(_("Term")),
            Column(_("Members"), numeric=True),
            Column(_("Share"), hint=_("of members known")),
            Column(_("Everyone"), numeric=True),
            Column(_("Lift"), numeric=True, hint=_("times as common, at least")),
        ),
        tuple(group for group in groups if group.rows),
        note=f"{base} {order}",
        style="terms",
    )


def _term_row(term: Term, slot: int, lang: Language) -> tuple[Cell, ...]:
    # Terms are what people typed: text of its own direction, of which nothing is made.
    return (
        Cell(display_text(term.term) or NOT_KNOWN, foreign=True),
        integer_cell(term.influencers, lang),
        Cell(
            format_percent(term.share_ratio, lang=lang),
            bar=share_bar(term.share_ratio, tick=term.overall_share_ratio, slot=slot),
        ),
        percent_cell(term.overall_share_ratio, lang),
        number_cell(format_rate(term.lift_ratio, lang=lang), term.lift_ratio),
    )
