"""What the page on the data says of runs that collected from the networks: what came, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tribu.report.components import Cell, Column, Table
from tribu.report.formatters import format_date, format_integer
from tribu.report.labels import code_label, platform_label
from tribu.report.language import Language
from tribu.report.quality_data import CollectionRun
from tribu.report.tables import integer_cell, one_group

_SHOWN: Final = 30
"""Runs in the table, the latest first: a month of daily ones."""


def collection_table(runs: Sequence[CollectionRun], lang: Language) -> Table | None:
    """Show the latest runs; None when nothing was ever collected.

    Parameters
    ----------
    runs
        The latest first.
    """
    _ = lang.gettext
    if not runs:
        return None
    cut = len(runs) - _SHOWN
    notes = [
        _(
            "Posts are held against the number that each profile states. Some may be absent: deleted, or shown to some "
            "people only."
        )
    ]
    if cut > 0:
        notes.append(
            lang.ngettext("%(n)s earlier run is not shown.", "%(n)s earlier runs are not shown.", cut)
            % {"n": format_integer(cut, lang=lang)}
        )
    return Table(
        _("What was collected from the networks"),
        (
            Column(_("Begun")),
            Column(_("Platform")),
            Column(_("State")),
            Column(_("Accounts asked for"), numeric=True),
            Column(_("Nothing to see"), numeric=True),
            Column(_("Still missing"), numeric=True),
            Column(_("Posts expected"), numeric=True),
            Column(_("Posts that came"), numeric=True),
            Column(_("Accounts with fewer posts"), numeric=True),
        ),
        one_group(
            [
                (
                    Cell(format_date(run.started_on, lang=lang), sort_value=run.run_id),
                    Cell(platform_label(run.platform)),
                    Cell(_state(run, lang), detail=None if run.reason is None else run_reason_label(run.reason, lang)),
                    integer_cell(run.accounts_asked, lang),
                    integer_cell(run.accounts_unseen, lang),
                    integer_cell(run.accounts_missing, lang),
                    integer_cell(run.posts_expected, lang),
                    integer_cell(run.posts_received, lang),
                    integer_cell(run.accounts_short, lang),
                )
                for run in runs[:_SHOWN]
            ]
        ),
        note=" ".join(notes),
    )


def collection_warning(runs: Sequence[CollectionRun], lang: Language) -> str | None:
    """Say how many accounts the last run of a network is missing; None when the last run of each is complete."""
    last: dict[str, CollectionRun] = {}
    for run in runs:
        last.setdefault(run.platform, run)
    said = [
        lang.gettext("%(missing)s of %(asked)s accounts of %(platform)s are missing from its last run. %(reason)s.")
        % {
            "missing": format_integer(run.accounts_missing, lang=lang),
            "asked": format_integer(run.accounts_asked, lang=lang),
            "platform": platform_label(run.platform),
            "reason": run_reason_label(run.reason or "other", lang),
        }
        for run in last.values()
        if run.status == "incomplete"
    ]
    return " ".join(said) or None


def run_reason_label(reason: str, lang: Language) -> str:
    """Say in words why a run ended before its time."""
    _ = lang.gettext
    known = {
        "cut_off": _("It was cut off, or is still at work"),
        "limit": _("The network asked for a longer pause than the run may wait"),
        "quota": _("The quota or the credits were used up"),
        "permission": _("The network refused the token"),
        "failed": _("The network gave no usable answer for some accounts"),
        "other": _("The run broke off"),
    }
    return known.get(reason, code_label(reason))


def _state(run: CollectionRun, lang: Language) -> str:
    return lang.gettext("complete") if run.status == "complete" else lang.gettext("incomplete")
