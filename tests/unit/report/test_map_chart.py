"""The interactive map: the data that its script draws."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from tribu.report.data import ReportData, read_report_data
from tribu.report.language import ENGLISH
from tribu.report.map_chart import build_map, map_data
from tribu.report.markers import assign_markers

Tables = dict[str, pa.Table]


@pytest.fixture
def data(tables: Tables) -> ReportData:
    return read_report_data(tables)


def drawn(data: ReportData) -> dict[str, Any]:
    return map_data(data, assign_markers(data.clusters), ENGLISH)


def test_every_point_has_its_place_in_each_picture(data: ReportData) -> None:
    spec = drawn(data)
    points = {
        f"@{point.handle}": (cluster.cluster_name_en, point)
        for cluster in data.clusters
        for point in data.map_points[cluster.cluster_key]
    }
    clusters = spec["groupings"]["cluster"]
    assert [(one["method"], one["dimensions"]) for one in spec["pictures"]] == [
        (method, dimensions) for method in ("pca", "umap", "tsne") for dimensions in (2, 3)
    ]
    assert len(spec["labels"]) == len(points) == 300
    for index, label in enumerate(spec["labels"]):
        cluster, point = points[label]
        assert clusters["groups"][clusters["of"][index]]["label"] == cluster
        flat, solid = spec["pictures"][2], spec["pictures"][5]
        assert (flat["x"][index], flat["y"][index]) == pytest.approx((point.umap_2d_1, point.umap_2d_2), abs=0.01)
        expected = (point.tsne_3d_1, point.tsne_3d_2, point.tsne_3d_3)
        assert (solid["x"][index], solid["y"][index], solid["z"][index]) == pytest.approx(expected, abs=0.001)


def test_places_have_four_digits_of_the_width(data: ReportData) -> None:
    for picture in drawn(data)["pictures"]:
        numbers = [number for axis in "xyz" for number in picture.get(axis, [])]
        step = (max(numbers) - min(numbers)) / 1_000
        assert max(len(repr(number).split(".")[1]) for number in numbers) <= 4
        # no two points are further from their rounding than a pixel could show
        assert step > 10 ** -max(len(repr(number).split(".")[1]) for number in numbers)


def test_only_principal_axes_have_titles(data: ReportData) -> None:
    titles = {one["method"]: one["titles"] for one in drawn(data)["pictures"] if one["dimensions"] == 2}
    assert "31.0\u00a0%" in titles["pca"][0]
    assert "17.0\u00a0%" in titles["pca"][1]
    assert titles["umap"] is None
    assert titles["tsne"] is None


def test_every_picture_says_how_far_to_believe_it(data: ReportData) -> None:
    notes = {(one["method"], one["dimensions"]): one["note"] for one in drawn(data)["pictures"]}
    assert "distances between far groups mean little" in notes["umap", 2]
    assert "for looking, not for clustering" in notes["tsne", 3]
    assert "Trustworthiness 0.93 of 1: dots that lie close are mostly alike" in notes["umap", 2]
    assert "Trustworthiness 0.96 of 1: dots that lie close are nearly always alike" in notes["tsne", 2]
    assert "many are not alike" in notes["pca", 2]


def test_tiers_go_from_small_to_large_and_the_unknown_come_last(
    tables: Tables, change_cell: Callable[..., Tables]
) -> None:
    changed = read_report_data(change_cell(tables, "rpt_map_points", "tier", None))
    tiers = drawn(changed)["groupings"]["tier"]
    labels = [group["label"] for group in tiers["groups"]]
    assert labels == [name for name in ("Nano", "Micro", "Mid", "Macro", "Mega") if name in labels] + ["Not known"]
    assert labels[:2] == ["Nano", "Micro"]
    assert tiers["of"].count(len(labels) - 1) == 1
    assert tiers["groups"][-1]["colour"] == "var(--ink-muted)"


def test_legends_count_the_dots(build_tables: Callable[..., Tables]) -> None:
    data = read_report_data(build_tables(influencers=500, map_limit=200))
    page = build_map(data, assign_markers(data.clusters), ENGLISH)
    spec = json.loads(page.data)
    for grouping in page.groupings:
        groups = spec["groupings"][grouping.grouping_id]
        assert [entry.label for entry in grouping.legend] == [group["label"] for group in groups["groups"]]
        counts = [groups["of"].count(place) for place in range(len(groups["groups"]))]
        assert [entry.count for entry in grouping.legend] == [str(count) for count in counts]
    assert [choice.value for choice in page.methods] == ["pca", "umap", "tsne"]


def test_pictures_that_were_left_out_are_not_offered(build_tables: Callable[..., Tables]) -> None:
    data = read_report_data(build_tables(pictures=("tsne",)))
    page = build_map(data, assign_markers(data.clusters), ENGLISH)
    assert [choice.value for choice in page.methods] == ["pca", "tsne"]
    assert {one["method"] for one in drawn(data)["pictures"]} == {"pca", "tsne"}


def test_what_is_not_known_is_said_in_words(tables: Tables, change_cell: Callable[..., Tables]) -> None:
    for column in ("followers_count", "handle", "display_name"):
        tables = change_cell(tables, "rpt_map_points", column, None)
    spec = drawn(read_report_data(tables))
    assert spec["followers"][spec["labels"].index("key_00000")] == "not known"


def test_plotly_accepts_what_the_script_hands_over(data: ReportData) -> None:
    graph_objects = importlib.import_module("plotly.graph_objects")
    # Plotly's own validator knows colours, not the properties of a style sheet that map.js puts in their place.
    spec = json.loads(re.sub(r"var\(--(?!font)[\w-]+\)", "#123456", json.dumps(drawn(data))))
    shared, flat, scene = (spec["layout"][part] for part in ("shared", "flat", "scene"))
    graph_objects.Figure(layout={**shared, **flat})
    graph_objects.Figure(layout={**shared, "scene": scene})
    for group in spec["groupings"]["cluster"]["groups"]:
        graph_objects.Scatter(marker={"symbol": group["symbol"], "color": group["colour"]})


def test_points_in_one_place_are_drawn(build_tables: Callable[..., Tables]) -> None:
    tables = build_tables(influencers=5, clusters=1, platforms=1)
    points = tables["rpt_map_points"]
    for column in ("pca_1", "pca_2", "pca_3"):
        points = points.set_column(points.column_names.index(column), column, pa.array([3.0] * 5))
    spec = drawn(read_report_data({**tables, "rpt_map_points": points}))
    assert spec["pictures"][0]["x"] == [3.0] * 5
