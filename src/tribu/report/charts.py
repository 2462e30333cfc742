"""The map as a still picture, which needs no script: behind the interactive one, and on a cluster's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Final

from tribu.report.components import Picture, PictureLabel, PictureLayer
from tribu.report.data import ReportData
from tribu.report.markers import Marker
from tribu.report.safety import display_text

PICTURE_WIDTH: Final = 1000
PICTURE_HEIGHT: Final = 620
_PICTURE_MARGIN: Final = 24


def member_label(handle: str | None, display_name: str | None, influencer_key: str) -> str:
    """Name an influencer: the handle with its ``@``, else the display name, else the key."""
    shown = display_text(handle)
    if shown is not None:
        return shown if shown.startswith("@") else f"@{shown}"
    return display_text(display_name) or display_text(influencer_key) or "–"


def map_picture(
    data: ReportData, markers: Mapping[str, Marker], description: str, *, highlight: str | None = None
) -> Picture:
    """Draw the map as a few SVG paths: every dot is a line of no length with a round end.

    One path per cluster keeps two thousand dots under 20 kB, where one element per dot takes ten times that.
    With ``highlight`` the other clusters fade into one layer behind, and only that cluster is labelled.
    """
    points = [point for group in data.map_points.values() for point in group]
    if not points:
        return Picture(PICTURE_WIDTH, PICTURE_HEIGHT, (), (), description)
    to_x = _scale([point.pca_1 for point in points], PICTURE_WIDTH)
    to_y = _scale([-point.pca_2 for point in points], PICTURE_HEIGHT)
    layers: list[PictureLayer] = []
    labels: list[PictureLabel] = []
    background: set[tuple[int, int]] = set()
    for cluster in data.clusters:
        group = data.map_points.get(cluster.cluster_key, ())
        if not group:
            continue
        places = [(to_x(point.pca_1), to_y(-point.pca_2)) for point in group]
        if highlight is not None and cluster.cluster_key != highlight:
            background.update(places)
            continue
        layers.append(PictureLayer(_dots(places), markers[cluster.cluster_key].slot))
        centre_x, centre_y = median(x for x, _ in places), median(y for _, y in places)
        labels.append(PictureLabel(round(centre_x), round(centre_y), cluster.cluster_key))
    if background:
        layers.insert(0, PictureLayer(_dots(background), None))
    return Picture(PICTURE_WIDTH, PICTURE_HEIGHT, tuple(layers), tuple(labels), description)


def _scale(values: Sequence[float], length: int) -> Callable[[float], int]:
    """From the range of ``values`` to whole units of a side of ``length``, margins left free."""
    low = min(values)
    extent = max(values) - low
    room = length - 2 * _PICTURE_MARGIN

    def place(value: float) -> int:
        return round(_PICTURE_MARGIN + room * (value - low) / extent) if extent else length // 2

    return place


def _dots(places: Iterable[tuple[int, int]]) -> str:
    # Dots on the same unit look like one: they are drawn once. Sorted, because a set has no order of its own.
    return "".join(f"M{x} {y}h0" for x, y in sorted(set(places)))
