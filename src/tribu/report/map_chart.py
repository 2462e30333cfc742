"""The interactive map: one block of data for all its pictures and colourings, no Plotly needed to make it.

Colours are written ``var(--name)``: the script of the site replaces them by the values of the style sheet for
the scheme in force, so that light and dark are decided in one place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from tribu.report.charts import map_picture, member_label
from tribu.report.components import Choice, Grouping, LegendEntry, Map
from tribu.report.data import MapPicture, MapPoint, ReportData
from tribu.report.formatters import format_compact, format_integer, format_percent
from tribu.report.labels import platform_label, value_label
from tribu.report.language import Language
from tribu.report.markers import Marker, nominal_marker, ordered_marker, unknown_marker
from tribu.report.pictures import dimensions_label, method_label, picture_note
from tribu.report.prose import cluster_name
from tribu.report.safety import display_text, plotly_text, script_json

# Digits of a place, of the width of its picture: a ten-thousandth is under a tenth of a pixel.
_DIGITS: Final = 4

# Nothing here may reach beyond the page: no logo with a link, no cloud, no editor.
CONFIG: Final[Mapping[str, Any]] = {
    "displaylogo": False,
    "responsive": True,
    "showEditInChartStudio": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d", "resetCameraLastSave3d"],
}


@dataclass(frozen=True)
class _Group:
    """Dots of one colour; ``count`` is what its legend says."""

    label: str
    marker: Marker
    count: int


@dataclass(frozen=True)
class _Colouring:
    """A way to colour the dots: the groups, and the group of each point."""

    grouping_id: str
    label: str
    legend_label: str
    groups: tuple[_Group, ...]
    of: tuple[int, ...]


def build_map(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> Map:
    """Build the map from the rows of the report; there must be at least one point and one picture."""
    _ = lang.gettext
    colourings = _colourings(data, _points(data), markers, lang)
    methods = list(dict.fromkeys(picture.method for picture in data.pictures))
    dimensions = sorted({picture.dimensions for picture in data.pictures})
    description = _(
        "A map of the influencers by principal component analysis. Each dot is an influencer, in the colour "
        "and the shape of its cluster; dots that lie close tend to be alike. The table of clusters below "
        "gives the figures."
    )
    return Map(
        title=_("The map"),
        caption=_caption(data, lang),
        note=picture_note(data.pictures[0], lang),
        methods=tuple(Choice(method, method_label(method, lang)) for method in methods),
        dimensions=tuple(Choice(str(number), dimensions_label(number, lang)) for number in dimensions),
        groupings=tuple(
            Grouping(
                colouring.grouping_id,
                colouring.label,
                colouring.legend_label,
                tuple(
                    LegendEntry(group.label, format_integer(group.count, lang=lang), group.marker)
                    for group in colouring.groups
                ),
            )
            for colouring in colourings
        ),
        data=script_json(map_data(data, markers, lang)),
        picture=map_picture(data, markers, description),
    )


def map_data(data: ReportData, markers: Mapping[str, Marker], lang: Language) -> dict[str, Any]:
    """Gather what the script draws: every point once, and its places in each picture.

    Texts of other people are escaped for Plotly's labels here. Points stand in one order throughout.
    """
    points = _points(data)
    unknown = lang.gettext("not known")
    return {
        "labels": [
            plotly_text(member_label(point.handle, point.display_name, point.influencer_key)) for point in points
        ],
        "followers": [
            unknown if point.followers_count is None else format_compact(point.followers_count, lang=lang)
            for point in points
        ],
        "groupings": {
            colouring.grouping_id: {
                "of": list(colouring.of),
                "groups": [
                    {"label": plotly_text(group.label), "colour": group.marker.colour, "symbol": group.marker.symbol}
                    for group in colouring.groups
                ],
            }
            for colouring in _colourings(data, points, markers, lang)
        },
        "pictures": [_picture(data, picture, points, lang) for picture in data.pictures],
        "layout": _layout(),
        "config": {**CONFIG, **_plotly_locale(lang)},
        "text": _texts(lang),
    }


def axis_title(direction: int, variance_ratio: float | None, lang: Language) -> str:
    """Title of an axis of the map, with the share of the variance that it holds where that is known."""
    title = lang.gettext("Direction %(number)s") % {"number": direction}
    if variance_ratio is None:
        return title
    share = format_percent(variance_ratio, lang=lang)
    return lang.gettext("%(title)s (%(share)s of the variance)") % {"title": title, "share": share}


def _points(data: ReportData) -> list[MapPoint]:
    return [point for cluster in data.clusters for point in data.map_points.get(cluster.cluster_key, ())]


def _caption(data: ReportData, lang: Language) -> str:
    _ = lang.gettext
    overview = data.overview
    counts = {
        "n": format_integer(overview.map_points, lang=lang),
        "all": format_integer(overview.influencers, lang=lang),
    }
    if overview.map_points < overview.influencers:
        message = lang.ngettext(
            "%(n)s of %(all)s influencers is shown, every cluster in proportion.",
            "%(n)s of %(all)s influencers are shown, every cluster in proportion.",
            overview.map_points,
        )
    else:
        message = lang.ngettext("%(n)s influencer is shown.", "%(n)s influencers are shown.", overview.map_points)
    shown = message % counts
    nature = _("Each dot is an influencer. The clusters were found on every feature at once, not on this map.")
    return f"{nature} {shown}"


def _colourings(
    data: ReportData, points: Sequence[MapPoint], markers: Mapping[str, Marker], lang: Language
) -> tuple[_Colouring, ...]:
    _ = lang.gettext
    keys = [cluster.cluster_key for cluster in data.clusters]
    position = {key: place for place, key in enumerate(keys)}
    of = tuple(position[point.cluster_key] for point in points)
    clusters = _Colouring(
        "cluster",
        _("Cluster"),
        _("Clusters on the map"),
        tuple(
            _Group(cluster_name(cluster, lang), markers[cluster.cluster_key], of.count(place))
            for place, cluster in enumerate(data.clusters)
        ),
        of,
    )
    platforms = [platform.platform for platform in data.platforms]
    return (
        clusters,
        _coloured(
            "platform",
            (_("Platform"), _("Platforms on the map")),
            [point.platform for point in points],
            platforms,
            platform_label,
            lambda place, _count: nominal_marker(place),
            lang,
        ),
        _coloured(
            "tier",
            (_("Tier"), _("Tiers on the map")),
            [point.tier for point in points],
            _tiers(points),
            lambda tier: value_label("tier", tier, lang),
            ordered_marker,
            lang,
        ),
    )


def _tiers(points: Sequence[MapPoint]) -> list[str]:
    """Tiers from the smallest accounts to the largest; their bounds are the user's, so the points tell the order."""
    followers: dict[str, list[int]] = {}
    for point in points:
        if point.tier is not None:
            followers.setdefault(point.tier, []).append(point.followers_count or 0)
    return sorted(followers, key=lambda tier: (median(followers[tier]), tier))


def _coloured(
    grouping_id: str,
    labels: tuple[str, str],
    values: Sequence[str | None],
    order: Sequence[str],
    name: Callable[[str], str],
    marker: Callable[[int, int], Marker],
    lang: Language,
) -> _Colouring:
    """Group points by a value, groups in ``order`` as far as they have points, those of whom it is not known last."""
    present = set(values)
    known = [value for value in order if value in present]
    known += sorted(value for value in present if value is not None and value not in known)
    groups = [
        _Group(display_text(name(value)) or "–", marker(place, len(known)), list(values).count(value))
        for place, value in enumerate(known)
    ]
    if None in present:
        groups.append(_Group(lang.gettext("Not known"), unknown_marker(), list(values).count(None)))
    places: dict[str | None, int] = {value: place for place, value in enumerate(known)}
    of = tuple(places.get(value, len(known)) for value in values)
    return _Colouring(grouping_id, *labels, tuple(groups), of)


def _picture(data: ReportData, picture: MapPicture, points: Sequence[MapPoint], lang: Language) -> dict[str, Any]:
    axes = ("x", "y", "z")[: picture.dimensions]
    prefix = "pca" if picture.method == "pca" else f"{picture.method}_{picture.dimensions}d"
    columns = [[getattr(point, f"{prefix}_{number}") for point in points] for number in range(1, len(axes) + 1)]
    known = [value for column in columns for value in column if value is not None]
    extent = max(known) - min(known) if known else 0.0
    digits = _DIGITS - 1 - math.floor(math.log10(extent)) if extent > 0 else 0
    overview = data.overview
    shares = (overview.pca_1_variance_ratio, overview.pca_2_variance_ratio, None)
    titles = [axis_title(number, share, lang) for number, share in enumerate(shares, start=1)]
    return {
        "method": picture.method,
        "dimensions": picture.dimensions,
        "name": f"{method_label(picture.method, lang)} {dimensions_label(picture.dimensions, lang)}",
        "note": picture_note(picture, lang),
        # Only principal axes can be read; the others have no unit, and not even a direction.
        "titles": titles[: picture.dimensions] if picture.method == "pca" else None,
        **{
            axis: [None if value is None else round(value, digits) + 0.0 for value in column]
            for axis, column in zip(axes, columns, strict=True)
        },
    }


def _layout() -> dict[str, Any]:
    """Everything that no choice changes; the script adds axes or a scene.

    Flat pictures are SVG ``scatter`` and not ``scattergl``: in Plotly that needs ``eval``, which a content security
    policy refuses, and prints as pixels; ``scatter3d`` needs WebGL and no ``eval``. The warehouse bounds the points.
    """
    axis = {
        "gridcolor": "var(--chart-grid)",
        "zerolinecolor": "var(--chart-zero)",
        "ticks": "",
        "tickfont": {"size": 11, "color": "var(--ink-muted)"},
        "title": {"font": {"size": 12, "color": "var(--ink-muted)"}},
    }
    return {
        "flat": {"xaxis": axis, "yaxis": axis, "margin": {"l": 56, "r": 12, "t": 12, "b": 52}},
        "scene": {
            **{
                f"{name}axis": {**axis, "showspikes": False, "showbackground": False, "linecolor": "var(--line-strong)"}
                for name in "xyz"
            },
            "aspectmode": "data",
        },
        "shared": {
            "font": {"family": "var(--font)", "size": 13, "color": "var(--ink)"},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,  # the legend of the page is made of buttons, which a keyboard reaches
            "hovermode": "closest",
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
        },
    }


def _plotly_locale(lang: Language) -> dict[str, Any]:
    """Words and number marks of Plotly itself, whose script brings English only.

    Its own translations are files of another package; these are the few words that this chart can show.
    """
    _ = lang.gettext
    if lang.code == "en":
        return {}
    dictionary = {
        "Download plot as a PNG": _("Download the picture as PNG"),
        "Download plot": _("Download the picture"),
        "Zoom": _("Zoom"),
        "Pan": _("Move"),
        "Zoom in": _("Zoom in"),
        "Zoom out": _("Zoom out"),
        "Reset axes": _("Show everything again"),
        "Orbital rotation": _("Turn freely"),
        "Turntable rotation": _("Turn about the vertical axis"),
        "Reset camera to default": _("Back to the first view"),
        "Double-click to zoom back out": _("Double-click to zoom back out"),
        "Taking snapshot - this may take a few seconds": _("The picture is being made; this may take a few seconds"),
        "Snapshot succeeded": _("The picture has been made"),
        "Sorry, there was a problem downloading your snapshot!": _("The picture could not be made"),
    }
    marks = {"decimal": lang.decimal_mark, "thousands": lang.group_mark}
    return {"locale": lang.code, "locales": {lang.code: {"dictionary": dictionary, "format": marks}}}


def _texts(lang: Language) -> dict[str, str]:
    """Sentences that the script completes; ``{n}`` and the like are its gaps."""
    _ = lang.gettext
    return {
        "followers": _("Followers: {n}"),
        "described": _("{name}: {n} of {all} dots shown, coloured by {grouping}. {note}"),
        "shown": _("{n} of {all} dots are shown."),
        "found": _("Found on the map: {n}"),
        "foundMore": _("Found on the map: {n}; the first {most}:"),
        "foundNone": _("Nobody on the map has this in the handle. The map may show a part of all influencers."),
        "noWebgl": _(
            "This browser cannot draw in three dimensions (it offers no WebGL); the still picture by principal "
            "component analysis stands in."
        ),
        "noPicture": _("This picture was not built."),
    }
