"""Specifications of the charts as plain dictionaries: data in, Plotly's JSON out, no Plotly needed.

Colours are written ``var(--name)``: the script of the site replaces them by the values of the style sheet for
the scheme in force, so that light and dark are decided in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Any, Final

from tribu.report.components import Picture, PictureLabel, PictureLayer
from tribu.report.data import Cluster, MapPoint, ReportData
from tribu.report.formatters import format_compact, format_percent
from tribu.report.labels import code_label, platform_label
from tribu.report.language import Language
from tribu.report.markers import Marker
from tribu.report.safety import display_text, plotly_text

PICTURE_WIDTH: Final = 1000
PICTURE_HEIGHT: Final = 620
_PICTURE_MARGIN: Final = 24

# Nothing here may reach beyond the page: no logo with a link, no cloud, no editor.
CONFIG: Final[Mapping[str, Any]] = {
    "displaylogo": False,
    "responsive": True,
    "showEditInChartStudio": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
}


def member_label(handle: str | None, display_name: str | None, influencer_key: str) -> str:
    """Name an influencer: the handle with its ``@``, else the display name, else the key."""
    shown = display_text(handle)
    if shown is not None:
        return shown if shown.startswith("@") else f"@{shown}"
    return display_text(display_name) or display_text(influencer_key) or "–"


def axis_title(direction: int, variance_ratio: float | None, lang: Language) -> str:
    """Title of an axis of the map, with the share of the variance that it holds where that is known."""
    title = lang.gettext("Direction %(number)s") % {"number": direction}
    if variance_ratio is None:
        return title
    share = format_percent(variance_ratio, lang=lang)
    return lang.gettext("%(title)s (%(share)s of the variance)") % {"title": title, "share": share}


def map_chart(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> dict[str, Any]:
    """Build the map: one trace per cluster, so that each can be hidden, with its own colour and shape.

    The traces are SVG ``scatter`` and not ``scattergl``: WebGL needs ``eval`` in Plotly, which a content
    security policy refuses, is absent on many office machines, and prints as pixels. The warehouse bounds the
    points.
    """
    traces = [
        _map_trace(cluster, data.map_points.get(cluster.cluster_key, ()), markers[cluster.cluster_key], lang)
        for cluster in data.clusters
    ]
    axis = {
        "showgrid": True,
        "gridcolor": "var(--chart-grid)",
        "zeroline": True,
        "zerolinecolor": "var(--chart-zero)",
        "ticks": "",
        "tickfont": {"size": 11, "color": "var(--ink-muted)"},
    }
    titles = (
        axis_title(1, data.overview.pca_1_variance_ratio, lang),
        axis_title(2, data.overview.pca_2_variance_ratio, lang),
    )
    font = {"size": 12, "color": "var(--ink-muted)"}
    layout = {
        "font": {"family": "var(--font)", "size": 13, "color": "var(--ink)"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,  # the legend of the page is made of buttons, which a keyboard reaches
        "hovermode": "closest",
        "dragmode": "pan",
        "margin": {"l": 56, "r": 12, "t": 12, "b": 52},
        "modebar": {
            "bgcolor": "rgba(0,0,0,0)",
            "color": "var(--ink-muted)",
            "activecolor": "var(--ink)",
        },
        "hoverlabel": {
            "align": "left",
            "bgcolor": "var(--surface)",
            "bordercolor": "var(--line-strong)",
            "font": {"family": "var(--font)", "size": 13, "color": "var(--ink)"},
        },
        "xaxis": {**axis, "title": {"text": titles[0], "font": font}},
        "yaxis": {**axis, "title": {"text": titles[1], "font": font}},
    }
    return {"data": traces, "layout": layout, "config": dict(CONFIG)}


def _map_trace(cluster: Cluster, points: Sequence[MapPoint], marker: Marker, lang: Language) -> dict[str, Any]:
    name = lang.choose(en=cluster.cluster_name_en, fr=cluster.cluster_name_fr)
    unknown = lang.gettext("not known")
    followers = lang.gettext("Followers: %{customdata[3]}")
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plotly_text(display_text(name) or cluster.cluster_key),
        "x": [round(point.x, 3) for point in points],
        "y": [round(point.y, 3) for point in points],
        "customdata": [
            [
                plotly_text(member_label(point.handle, point.display_name, point.influencer_key)),
                plotly_text(platform_label(point.platform)),
                plotly_text(unknown if point.tier is None else code_label(point.tier)),
                unknown if point.followers_count is None else format_compact(point.followers_count, lang=lang),
            ]
            for point in points
        ],
        "hovertemplate": (
            "<b>%{customdata[0]}</b><br>%{customdata[1]} · %{customdata[2]}<br>"
            + followers
            + "<extra>%{fullData.name}</extra>"
        ),
        "marker": {
            "symbol": marker.symbol,
            # Plotly fits every shape into the same box; discs and squares fill more of it.
            "size": 7 if marker.symbol in {"circle", "square"} else 9,
            "opacity": 0.8,
            "color": f"var(--cluster-{marker.slot})",
            "line": {"width": 0.6, "color": "var(--surface)"},
        },
    }


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
    to_x = _scale([point.x for point in points], PICTURE_WIDTH)
    to_y = _scale([-point.y for point in points], PICTURE_HEIGHT)
    layers: list[PictureLayer] = []
    labels: list[PictureLabel] = []
    background: set[tuple[int, int]] = set()
    for cluster in data.clusters:
        group = data.map_points.get(cluster.cluster_key, ())
        if not group:
            continue
        places = [(to_x(point.x), to_y(-point.y)) for point in group]
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
