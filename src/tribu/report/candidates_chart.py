"""Every clustering that was tried, as one still chart: how clear its groups are, by their number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tribu.report.components import LegendEntry
from tribu.report.formatters import format_integer, format_score
from tribu.report.labels import algorithm_label
from tribu.report.language import Language
from tribu.report.markers import Marker, nominal_marker
from tribu.report.method_data import Candidate

ALGORITHMS: Final = ("kmeans", "bisecting_kmeans", "gaussian_mixture", "agglomerative", "dbscan", "hdbscan")
"""Algorithms in the order of legends and tables; others follow by name."""

WIDTH: Final = 960
HEIGHT: Final = 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 942, 18, 362
_MARK: Final = 11.0
"""Side of a mark; its outline is drawn in a box of 16."""
_SPREAD: Final = 0.86
"""Part of the room of one k in which the algorithms stand side by side."""
_MOST_TICKS: Final = 14
_STEPS: Final = (0.02, 0.05, 0.1, 0.2, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what is written there."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A candidate: the centre of its sign, whether it falls short of a floor, and whether it is the one published."""

    x: str
    y: str
    left: str
    top: str
    marker: Marker
    hollow: bool
    ringed: bool
    label: str


@dataclass(frozen=True, slots=True)
class Dash:
    """The silhouette of shuffled data for one candidate."""

    start: str
    end: str
    y: str


@dataclass(frozen=True, slots=True)
class CandidatesChart:
    """The chart, ready to be placed; places are in units of a box of ``width`` by ``height``.

    ``tick_x`` and ``tick_y`` are where the labels of the ticks stand on the other axis.
    """

    width: int
    height: int
    scale: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    dashes: tuple[Dash, ...]
    marks: tuple[Mark, ...]
    legend: tuple[LegendEntry, ...]
    description: str
    x_title: str
    y_title: str
    left: int = _LEFT
    right: int = _RIGHT
    tick_x: int = _LEFT - 10
    tick_y: int = _BOTTOM + 22
    title_x: int = (_LEFT + _RIGHT) // 2
    title_y: int = HEIGHT - 8
    side_title_x: int = 16
    side_title_y: int = (_TOP + _BOTTOM) // 2


def algorithm_markers(candidates: Sequence[Candidate]) -> dict[str, Marker]:
    """Give each algorithm its sign, the same in the chart and in its table."""
    known = {name: place for place, name in enumerate(ALGORITHMS)}
    names = sorted({row.algorithm for row in candidates}, key=lambda name: (known.get(name, len(known)), name))
    return {name: nominal_marker(place) for place, name in enumerate(names)}


def candidate_label(candidate: Candidate, lang: Language) -> str:
    """Name a candidate: the algorithm with the number of clusters asked for, or with what takes its place."""
    name = algorithm_label(candidate.algorithm, lang)
    if candidate.setting is None:
        return lang.gettext("%(algorithm)s, k = %(k)s") % {
            "algorithm": name,
            "k": format_integer(candidate.k, lang=lang),
        }
    return lang.gettext("%(algorithm)s, setting %(setting)s") % {
        "algorithm": name,
        "setting": format_score(candidate.setting, lang=lang),
    }


def candidates_chart(candidates: Sequence[Candidate], lang: Language) -> CandidatesChart | None:
    """Draw the candidates of which a silhouette is known; None where there is none.

    Candidates of one k stand side by side in the order of the legend, for k-means and its bisecting kin often find
    nearly the same and would cover each other.
    """
    drawn = [row for row in candidates if row.silhouette is not None]
    if not drawn:
        return None
    _ = lang.gettext
    markers = {
        name: marker
        for name, marker in algorithm_markers(candidates).items()
        if name in {row.algorithm for row in drawn}
    }
    low_k, high_k = min(row.k for row in drawn), max(row.k for row in drawn)
    room = (_RIGHT - _LEFT) / (high_k - low_k + 1)
    shift = {name: (place + 0.5) / len(markers) - 0.5 for place, name in enumerate(markers)}
    heights = [
        value for row in drawn for value in (row.silhouette, row.null_silhouette, 0.0) if value is not None
    ]  # 0 always stands on the axis: without it a difference of a hair would look like a gulf
    step, low, high = _range(min(heights), max(heights))

    def x_of(row: Candidate) -> float:
        return _LEFT + room * (row.k - low_k + 0.5 + shift[row.algorithm] * _SPREAD)

    def y_of(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (value - low) / (high - low)

    marks, dashes = [], []
    half = min(_MARK, room * _SPREAD / len(markers)) / 2
    for row in sorted(drawn, key=lambda row: (row.is_selected, row.candidate_id)):
        x, y = x_of(row), y_of(row.silhouette or 0.0)
        marks.append(
            Mark(
                x=_place(x),
                y=_place(y),
                left=_place(x - _MARK / 2),
                top=_place(y - _MARK / 2),
                marker=markers[row.algorithm],
                hollow=not row.passes_all,
                ringed=row.is_selected,
                label=_label(row, lang),
            )
        )
        if row.null_silhouette is not None:
            dashes.append(Dash(_place(x - half), _place(x + half), _place(y_of(row.null_silhouette))))
    every = math.ceil((high_k - low_k + 1) / _MOST_TICKS)
    ticks = round((high - low) / step)
    return CandidatesChart(
        width=WIDTH,
        height=HEIGHT,
        scale=f"{_MARK / 16:.4f}",
        x_ticks=tuple(
            Tick(_place(_LEFT + room * (k - low_k + 0.5)), format_integer(k, lang=lang))
            for k in range(low_k, high_k + 1, every)
        ),
        y_ticks=tuple(
            Tick(_place(y_of(low + step * number)), format_score(low + step * number, lang=lang))
            for number in range(ticks + 1)
        ),
        dashes=tuple(dashes),
        marks=tuple(marks),
        legend=tuple(
            LegendEntry(
                algorithm_label(name, lang),
                format_integer(sum(row.algorithm == name for row in drawn), lang=lang),
                marker,
            )
            for name, marker in markers.items()
        ),
        description=_description(drawn, lang),
        x_title=_("Number of clusters (k)"),
        y_title=_("Silhouette"),
    )


def _place(value: float) -> str:
    return f"{value:.1f}"


def _range(lowest: float, highest: float) -> tuple[float, float, float]:
    """Step, low and high end of an axis with about six ticks that holds both values."""
    extent = max(highest - lowest, 0.05)
    step = next((step for step in _STEPS if extent / step <= 6), _STEPS[-1])
    # a hair more, so that the highest mark does not lean on the frame
    return step, math.floor(lowest / step) * step, math.ceil((highest + extent * 0.04) / step) * step


def _label(row: Candidate, lang: Language) -> str:
    return lang.gettext("%(name)s: silhouette %(silhouette)s, shuffled data %(null)s") % {
        "name": candidate_label(row, lang),
        "silhouette": format_score(row.silhouette, lang=lang),
        "null": format_score(row.null_silhouette, lang=lang),
    }


def _description(drawn: Sequence[Candidate], lang: Language) -> str:
    _ = lang.gettext
    said = _(
        "Chart of the candidates: the number of clusters across, the silhouette upwards. Shown: %(shown)s, of which "
        "%(passing)s pass every floor."
    ) % {
        "shown": format_integer(len(drawn), lang=lang),
        "passing": format_integer(sum(bool(row.passes_all) for row in drawn), lang=lang),
    }
    for row in drawn:
        if row.is_selected:
            return said + " " + _("Published: %(label)s.") % {"label": _label(row, lang)}
    return said
