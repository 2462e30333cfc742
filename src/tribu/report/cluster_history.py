"""What has become of a cluster: its size run by run, who came and went, and what happened to it when models changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from tribu.report.cluster_rows import ClusterEvent, Flow, RunSize
from tribu.report.components import Cell, Column, RowGroup, Table
from tribu.report.data import FLOWS
from tribu.report.formatters import (
    NOT_KNOWN,
    format_compact,
    format_date,
    format_integer,
    format_moment,
    format_percent,
)
from tribu.report.labels import code_label
from tribu.report.language import MINUS, Language
from tribu.report.safety import display_text
from tribu.report.tables import integer_cell, one_group, percent_cell, share_bar

WIDTH: Final = 480
HEIGHT: Final = 150
"""Sides of the plot in SVG units."""

_COLUMN_SHARE: Final = 0.72
_WIDEST: Final = 72
_ALL_LABELLED: Final = 8
_GOING: Final = frozenset({"went", "left"})


@dataclass(frozen=True, slots=True)
class SizeColumn:
    """One run as a column of the chart; ``label`` is the number of members above it, where there is room."""

    x: str
    y: str
    width: str
    height: str
    centre: str
    label: str | None
    number: str
    is_other_model: bool


@dataclass(frozen=True, slots=True)
class SizeChart:
    """The size of the cluster in each run that is kept."""

    description: str
    columns: tuple[SizeColumn, ...]
    slot: int


@dataclass(frozen=True, slots=True)
class History:
    """The section on time; without an earlier run there is a sentence and nothing else."""

    sentence: str
    events: tuple[str, ...]
    chart: SizeChart | None
    sizes: Table | None
    flows: Table | None


def history_of(
    runs: Sequence[RunSize],
    flows: Sequence[Flow],
    events: Sequence[ClusterEvent],
    *,
    with_page: Collection[str],
    slot: int,
    lang: Language,
) -> History:
    """Tell what has become of a cluster.

    Parameters
    ----------
    runs
        Its size in each run, the oldest first.
    flows
        Who stayed, came and went since the run before.
    events
        What happened to it when models changed, the oldest first.
    with_page
        Keys of the clusters that have a page; others are named without a link.
    slot
        Colour of the cluster.
    """
    told = tuple(event_sentence(event, lang) for event in reversed(events) if event.event != "kept")
    kept = [event for event in events if event.event == "kept"]
    if kept:
        told = (_kept_sentence(kept, lang), *told)
    if len(runs) < 2:
        sentence = lang.gettext(
            "This is the first list that the warehouse has seen, so there is nothing to compare yet. From the next one "
            "on, this section shows how the cluster grows, who joins it and who leaves."
        )
        return History(sentence, told, None, None, None)
    return History(
        _flow_sentence(runs, flows, lang),
        told,
        _size_chart(runs, slot, lang),
        _size_table(runs, lang),
        _flow_table(flows, with_page, slot, lang),
    )


def _flow_sentence(runs: Sequence[RunSize], flows: Sequence[Flow], lang: Language) -> str:
    counts = dict.fromkeys(FLOWS, 0)
    for row in flows:
        counts[row.flow] = counts.get(row.flow, 0) + row.influencers
    values = {name: format_integer(count, lang=lang) for name, count in counts.items()}
    # counts after their words, so that none stands before a verb that would have to agree with it
    sentence = lang.gettext(
        "Compared with the run of %(date)s. Still here: %(stayed)s; joined from other clusters: %(came)s; new in the "
        "lists: %(arrived)s; gone to other clusters: %(went)s; no longer in the lists: %(left)s."
    ) % {**values, "date": format_moment(runs[-2].built_at, lang=lang)}
    if not runs[-1].is_other_model:
        return sentence
    return f"{sentence} " + lang.gettext(
        "The clusters were found anew between these two runs: some are in another one because the clusters have moved, "
        "and not because they have."
    )


def _size_chart(runs: Sequence[RunSize], slot: int, lang: Language) -> SizeChart:
    step = WIDTH / len(runs)
    width = min(step * _COLUMN_SHARE, _WIDEST)
    peak = max(run.influencers for run in runs) or 1
    # The table has every number; side by side, more of them than this would touch.
    labelled = range(len(runs)) if len(runs) <= _ALL_LABELLED else {0, len(runs) - 1}
    columns = []
    for position, run in enumerate(runs):
        # one pixel is left to a cluster of nobody, so that the run is seen
        height = max(run.influencers / peak * HEIGHT, 1.0)
        centre = (position + 0.5) * step
        columns.append(
            SizeColumn(
                x=f"{centre - width / 2:.1f}",
                y=f"{HEIGHT - height:.1f}",
                width=f"{width:.1f}",
                height=f"{height:.1f}",
                centre=f"{centre:.1f}",
                label=format_compact(run.influencers, lang=lang) if position in labelled else None,
                number=format_integer(position + 1, lang=lang),
                is_other_model=run.is_other_model,
            )
        )
    description = lang.gettext("Members of the cluster in each of the last %(n)s runs, from %(first)s to %(last)s") % {
        "n": format_integer(len(runs), lang=lang),
        "first": format_integer(runs[0].influencers, lang=lang),
        "last": format_integer(runs[-1].influencers, lang=lang),
    }
    return SizeChart(description, tuple(columns), slot)


def _size_table(runs: Sequence[RunSize], lang: Language) -> Table:
    _ = lang.gettext
    rows = []
    for position in reversed(range(len(runs))):
        run = runs[position]
        change = None if position == 0 else run.influencers - runs[position - 1].influencers
        rows.append(
            (
                Cell(format_integer(position + 1, lang=lang)),
                Cell(
                    format_moment(run.built_at, lang=lang),
                    detail=_("the clusters were found anew") if run.is_other_model else None,
                ),
                integer_cell(run.influencers, lang),
                Cell(NOT_KNOWN if change is None else _signed(change, lang)),
                percent_cell(run.share_ratio, lang),
            )
        )
    return Table(
        _("Size of the cluster, run by run"),
        (
            Column(_("Run")),
            Column(_("Built")),
            Column(_("Members"), numeric=True),
            Column(_("Change"), numeric=True),
            Column(_("Share"), numeric=True, hint=_("of all influencers")),
        ),
        one_group(rows),
        note=_("A run with 0 members did not have the cluster yet, or nobody in it."),
    )


def _signed(change: int, lang: Language) -> str:
    sign = "+" if change > 0 else MINUS if change < 0 else ""
    return sign + format_integer(abs(change), lang=lang)


def _flow_table(flows: Sequence[Flow], with_page: Collection[str], slot: int, lang: Language) -> Table:
    _ = lang.gettext
    now = [_flow_row(row, with_page, slot, lang) for row in flows if row.flow not in _GOING]
    gone = [_flow_row(row, with_page, slot, lang) for row in flows if row.flow in _GOING]
    groups = (
        RowGroup(tuple(now), _("The members of today")),
        RowGroup(tuple(gone), _("Members of before who are gone")),
    )
    return Table(
        _("Where members came from and where they went"),
        (Column(_("Since the run before")), Column(_("Influencers"), numeric=True), Column(_("Share"))),
        tuple(group for group in groups if group.rows),
        note=_("Shares are of the members of today, and for those who are gone of the members of the run before."),
        style="flows",
    )


def _flow_row(row: Flow, with_page: Collection[str], slot: int, lang: Language) -> tuple[Cell, ...]:
    _ = lang.gettext
    other = _other_name(row, lang)
    texts = {
        "stayed": _("Still in the cluster"),
        "came": _("Joined from %(cluster)s"),
        "arrived": _("New in the lists"),
        "went": _("Gone to %(cluster)s"),
        "left": _("No longer in the lists"),
    }
    text = texts.get(row.flow, code_label(row.flow))
    href = f"{row.other_cluster_key}.html" if row.other_cluster_key in with_page else None
    share = 0.0 if row.share_ratio is None else row.share_ratio
    return (
        Cell(text % {"cluster": other} if row.flow in {"came", "went"} else text, href=href),
        integer_cell(row.influencers, lang),
        Cell(
            format_percent(row.share_ratio, lang=lang),
            bar=share_bar(share, slot=None if row.flow in _GOING else slot),
        ),
    )


def _other_name(row: Flow | ClusterEvent, lang: Language) -> str:
    name = lang.choose(en=row.other_cluster_name_en or "", fr=row.other_cluster_name_fr or "")
    return display_text(name, limit=120) or display_text(row.other_cluster_key) or NOT_KNOWN


def event_sentence(event: ClusterEvent, lang: Language) -> str:
    """Say what happened to the cluster when a model replaced another."""
    _ = lang.gettext
    messages = {
        "born": _("Found for the first time on %(date)s."),
        "split_from": _("On %(date)s, %(cluster)s split up: %(share)s of its members came here."),
        "split_into": _("On %(date)s the cluster split up: %(share)s of its members went to %(cluster)s."),
        "took_in": _("On %(date)s clusters merged: %(share)s of the members of %(cluster)s came here."),
        "went_into": _("On %(date)s clusters merged: %(share)s of the members went to %(cluster)s."),
    }
    values = {
        "date": format_date(event.accepted_at.date(), lang=lang),
        "cluster": lang.gettext("“%(name)s”") % {"name": _other_name(event, lang)},
        "share": format_percent(event.share_ratio, lang=lang),
    }
    return messages.get(event.event, code_label(event.event).replace("%", "%%")) % values


def _kept_sentence(kept: Sequence[ClusterEvent], lang: Language) -> str:
    last = kept[-1]
    message = lang.ngettext(
        "Found again %(n)s time since, last on %(date)s; of its members before and after, %(jaccard)s were the same.",
        "Found again %(n)s times since, last on %(date)s; of its members before and after, %(jaccard)s were the same.",
        len(kept),
    )
    return message % {
        "n": format_integer(len(kept), lang=lang),
        "date": format_date(last.accepted_at.date(), lang=lang),
        "jaccard": format_percent(last.jaccard, lang=lang),
    }
