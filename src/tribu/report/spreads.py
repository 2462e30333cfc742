"""How each feature spreads within a cluster and among everyone: small charts, side by side, block by block.

All charts of a page share one layout, so that they can be compared at a glance; each has its own axis, which the table
beside them puts into figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tribu.report.cluster_rows import DistributionBin
from tribu.report.components import Cell, Column, RowGroup, Table
from tribu.report.data import Profile
from tribu.report.formatters import NOT_KNOWN, format_deviation, format_measure, format_rate
from tribu.report.labels import block_label
from tribu.report.language import Language
from tribu.report.prose import feature_label
from tribu.report.tables import measure_cell, percent_cell

WIDTH: Final = 240
HEIGHT: Final = 64
"""Sides of the plot in SVG units; the signs of the medians stand below it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One chart: two outlines over the same bins, the medians, and both ends of the axis in the feature's unit."""

    label: str
    description: str
    cluster_path: str
    overall_path: str
    cluster_median: str | None
    overall_median: str | None
    axis_from: str
    axis_to: str | None


@dataclass(frozen=True, slots=True)
class SpreadGroup:
    """The charts of one block of features, under its name."""

    label: str
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class Spreads:
    """All charts of a cluster with their table; ``unknown`` names the features that are known of no member."""

    groups: tuple[SpreadGroup, ...]
    table: Table
    slot: int
    unknown: str | None


def spreads_of(profiles: Sequence[Profile], bins: Sequence[DistributionBin], slot: int, lang: Language) -> Spreads:
    """Draw the spread of every feature that is known of a member, in the order of the features.

    Parameters
    ----------
    profiles
        The features of the cluster, in the order of the page.
    bins
        The bins of the same cluster, by feature and from low to high.
    slot
        Colour of the cluster.
    """
    by_feature = {feature: list(rows) for feature, rows in groupby(bins, key=lambda row: row.feature)}
    drawn = [profile for profile in profiles if profile.feature in by_feature]
    groups = tuple(
        SpreadGroup(
            block_label(block, lang),
            tuple(_spread(profile, by_feature[profile.feature], lang) for profile in members),
        )
        for block, members in groupby(drawn, key=lambda profile: profile.block)
    )
    missing = [feature_label(profile, lang) for profile in profiles if profile.feature not in by_feature]
    unknown = None
    if missing:
        unknown = lang.gettext("Not known of any member: %(features)s.") % {"features": ", ".join(missing)}
    return Spreads(groups, _table(profiles, lang), slot, unknown)


def _spread(profile: Profile, bins: Sequence[DistributionBin], lang: Language) -> Spread:
    edges = [bins[0].bin_from, *(row.bin_to for row in bins)]
    # One scale for both outlines: what is higher holds a larger share of its own.
    peak = max(max(row.share_ratio, row.overall_share_ratio) for row in bins) or 1.0
    label = feature_label(profile, lang)
    values = {
        "feature": label,
        "cluster": format_measure(profile.cluster_median, profile.unit, lang=lang),
        "overall": format_measure(profile.overall_median, profile.unit, lang=lang),
    }
    description = lang.gettext("%(feature)s: median %(cluster)s in this cluster, %(overall)s among everyone")
    axis_from, axis_to = (_axis_text(edge, profile.unit, lang) for edge in (edges[0], edges[-1]))
    return Spread(
        label=label,
        description=description % values,
        cluster_path=_outline([row.share_ratio / peak for row in bins]),
        overall_path=_outline([row.overall_share_ratio / peak for row in bins]),
        cluster_median=_place(profile.cluster_median, edges),
        overall_median=_place(profile.overall_median, edges),
        axis_from=axis_from,
        axis_to=axis_to if edges[-1] > edges[0] else None,
    )


def _axis_text(edge: float, unit: str, lang: Language) -> str:
    # the name of the feature says that it is per week, and there is no room to say it three times
    return format_rate(edge, lang=lang) if unit == "per_week" else format_measure(edge, unit, lang=lang)


def _outline(heights: Sequence[float]) -> str:
    """Steps from the left end of the axis to the right one, closed along it; ``heights`` are from 0 to 1."""
    steps = [f"M0 {HEIGHT}"]
    before = HEIGHT
    for position, height in enumerate(heights, start=1):
        top = round(HEIGHT - height * (HEIGHT - 2))
        # nothing at all stays on the axis, and anything at all is seen above it
        top = min(top, HEIGHT - 1) if height > 0 else HEIGHT
        if top != before:
            steps.append(f"V{top}")
        steps.append(f"H{round(position * WIDTH / len(heights))}")
        before = top
    return "".join([*steps, f"V{HEIGHT}" if before != HEIGHT else "", "Z"])


def _place(value: float | None, edges: Sequence[float]) -> str | None:
    """Where a value stands on the axis; what lies beyond an end stands at it.

    Within its bin the place is interpolated, as if the axis were even there: on two dozen bins nobody sees more.
    """
    if value is None:
        return None
    bins = len(edges) - 1
    if edges[-1] <= edges[0]:
        return f"{WIDTH / 2:.0f}"
    if value >= edges[-1]:
        return str(WIDTH)
    position = next((index for index in range(bins) if value < edges[index + 1]), bins - 1)
    low, high = edges[position], edges[position + 1]
    share = min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5
    return f"{(position + share) * WIDTH / bins:.1f}"


def _table(profiles: Sequence[Profile], lang: Language) -> Table:
    _ = lang.gettext
    quartiles = _("first to third quartile")
    return Table(
        _("Every feature of the cluster"),
        (
            Column(_("Feature")),
            Column(_("This cluster"), numeric=True, hint=_("median")),
            Column(_("Middle half"), numeric=True, hint=quartiles),
            Column(_("Everyone"), numeric=True, hint=_("median")),
            Column(_("Middle half of everyone"), numeric=True, hint=quartiles),
            Column(_("Robust z"), numeric=True, hint=_("within the platform")),
            Column(_("Known"), numeric=True, hint=_("share of members")),
        ),
        tuple(
            RowGroup(tuple(_row(profile, lang) for profile in members), block_label(block, lang))
            for block, members in groupby(profiles, key=lambda profile: profile.block)
        ),
        note=_(
            "Of those whose value is known, half lie within the middle half, a quarter below and a quarter above it."
        ),
    )


def _row(profile: Profile, lang: Language) -> tuple[Cell, ...]:
    return (
        Cell(feature_label(profile, lang)),
        measure_cell(profile.cluster_median, profile.unit, lang),
        Cell(_middle_half(profile.cluster_q1, profile.cluster_q3, profile.unit, lang)),
        measure_cell(profile.overall_median, profile.unit, lang),
        Cell(_middle_half(profile.overall_q1, profile.overall_q3, profile.unit, lang)),
        Cell(format_deviation(profile.robust_z, lang=lang)),
        percent_cell(profile.known_share_ratio, lang),
    )


def _middle_half(low: float | None, high: float | None, unit: str, lang: Language) -> str:
    if low is None or high is None:
        return NOT_KNOWN
    return lang.gettext("%(low)s to %(high)s") % {
        "low": format_measure(low, unit, lang=lang),
        "high": format_measure(high, unit, lang=lang),
    }
