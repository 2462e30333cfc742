"""Cells and columns that both pages use: one way to show a count, a share, a cluster, a member."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tribu.report.charts import member_label
from tribu.report.components import Bar, Cell, Column, DeviationBar, RowGroup, Table
from tribu.report.data import Cluster, Member
from tribu.report.formatters import (
    NOT_KNOWN,
    format_compact,
    format_deviation,
    format_integer,
    format_measure,
    format_percent,
    format_rate,
    format_score,
)
from tribu.report.labels import platform_label, value_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.prose import cluster_name
from tribu.report.safety import display_text, safe_link

_DEVIATION_SHOWN = 4.0
_TONES = ((2.5, 4), (1.5, 3), (0.75, 2), (0.25, 1))


def one_group(rows: Sequence[tuple[Cell, ...]]) -> tuple[RowGroup, ...]:
    """Put all rows under no heading."""
    return (RowGroup(tuple(rows)),)


def share_bar(ratio: float, *, tick: float | None = None, slot: int | None = None) -> Bar:
    """Draw a share of everything as a bar; ``tick`` is the share to compare it with."""
    return Bar(_percent_of(ratio), None if tick is None else _percent_of(tick), slot)


def _percent_of(ratio: float) -> str:
    return f"{min(max(ratio, 0.0), 1.0) * 100:.2f}"


def deviation_bar(z: float | None) -> DeviationBar | None:
    """Draw a robust z as a bar from the middle; beyond four spreads the bar is full."""
    if z is None:
        return None
    length = min(abs(z), _DEVIATION_SHOWN) / _DEVIATION_SHOWN * 50
    start = 50 - length if z < 0 else 50.0
    return DeviationBar(f"{start:.2f}", f"{length:.2f}", z < 0)


def heat_tone(z: float | None) -> str:
    """Class of a heatmap cell: ``p1``–``p4`` above, ``n1``–``n4`` below, ``0`` alike, ``none`` not known."""
    if z is None:
        return "none"
    for bound, step in _TONES:
        if abs(z) >= bound:
            return f"{'p' if z > 0 else 'n'}{step}"
    return "0"


def number_cell(text: str, value: float | None) -> Cell:
    """Show a formatted number that sorts by its value."""
    return Cell(text, sort_value=None if value is None else repr(value))


def integer_cell(value: int | None, lang: Language) -> Cell:
    """Show a count in full."""
    return number_cell(format_integer(value, lang=lang), value)


def compact_cell(value: float | None, lang: Language) -> Cell:
    """Show a count in short."""
    return number_cell(format_compact(value, lang=lang), value)


def percent_cell(ratio: float | None, lang: Language) -> Cell:
    """Show a ratio as a percentage."""
    return number_cell(format_percent(ratio, lang=lang), ratio)


def rate_cell(per_week: float | None, lang: Language) -> Cell:
    """Show a rhythm per week."""
    return number_cell(format_rate(per_week, lang=lang), per_week)


def score_cell(score: float | None, lang: Language) -> Cell:
    """Show a score between 0 and 1."""
    return number_cell(format_score(score, lang=lang), score)


def measure_cell(value: float | None, unit: str, lang: Language) -> Cell:
    """Show a feature in its own unit."""
    return number_cell(format_measure(value, unit, lang=lang), value)


def deviation_cell(z: float | None, lang: Language) -> Cell:
    """Show a robust z as text over a tone."""
    return Cell(format_deviation(z, lang=lang), sort_value=None if z is None else repr(z), tone=heat_tone(z))


def value_cell(dimension: str, value: str | None, lang: Language) -> Cell:
    """Name the value of a dimension, or say that it is not known."""
    return Cell(NOT_KNOWN if value is None else value_label(dimension, value, lang))


def person_cell(
    handle: str | None, display_name: str | None, key: str, profile_url: str | None, page: str | None = None
) -> Cell:
    """Name an influencer, the display name below, with a link to ``page`` if there is one, else to a safe profile."""
    label = member_label(handle, display_name, key)
    name = display_text(display_name)
    link = page or safe_link(profile_url)
    return Cell(
        label,
        sort_value=label.lstrip("@").casefold(),
        href=link,
        outside=page is None and link is not None,
        foreign=True,
        detail=name if name is not None and name != label else None,
    )


def _member_cell(member: Member, paged: Collection[str]) -> Cell:
    key = member.influencer_key
    page = f"../influencers/{key}.html" if key in paged else None
    return person_cell(member.handle, member.display_name, key, member.profile_url, page)


def members_table(
    members: Sequence[Member],
    *,
    caption: str,
    lang: Language,
    note: str | None = None,
    sortable: bool = False,
    runner_up: tuple[Mapping[str, Cluster], Mapping[str, Marker]] | None = None,
    paged: Collection[str] = (),
) -> Table:
    """List influencers on a cluster's page.

    ``runner_up`` (clusters and signs) adds the cluster that each nearly belongs to; ``paged`` holds the keys of
    those who have a page.
    """
    _ = lang.gettext
    columns = [
        Column(_("Influencer")),
        Column(_("Platform")),
        Column(_("Tier")),
        Column(_("Followers"), numeric=True, order="descending" if sortable else None),
        Column(_("Engagement"), numeric=True, hint=_("of followers")),
        Column(_("Posts per week"), numeric=True),
        Column(_("Confidence"), numeric=True),
    ]
    if runner_up is None:
        columns.insert(3, Column(_("Country")))
    else:
        columns.append(Column(_("Could also be in")))
    rows = []
    for member in members:
        followers = compact_cell(member.followers_count, lang)
        row = [
            _member_cell(member, paged),
            Cell(platform_label(member.platform)),
            # a tier is a range of followers: by its name, mega would stand before nano
            replace(value_cell("tier", member.tier, lang), sort_value=followers.sort_value),
            followers,
            percent_cell(member.er_followers, lang),
            rate_cell(member.posts_per_week, lang),
            score_cell(member.confidence, lang),
        ]
        if runner_up is None:
            row.insert(3, value_cell("country", member.country, lang))
        else:
            row.append(_runner_up_cell(member, *runner_up, lang))
        rows.append(tuple(row))
    return Table(caption, tuple(columns), one_group(rows), note=note, sortable=sortable, style="members")


def _runner_up_cell(
    member: Member, clusters: Mapping[str, Cluster], markers: Mapping[str, Marker], lang: Language
) -> Cell:
    key = member.runner_up_cluster_key
    if key is None or key not in clusters:
        return Cell(NOT_KNOWN)
    return Cell(cluster_name(clusters[key], lang), href=f"{key}.html", marker=markers[key])
