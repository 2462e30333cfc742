"""The still picture of the map and the signs of the clusters."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pytest

from tribu.report.charts import PICTURE_HEIGHT, PICTURE_WIDTH, map_picture, member_label
from tribu.report.data import ReportData, read_report_data
from tribu.report.markers import COLOUR_SLOTS, SHAPES, assign_markers

Tables = dict[str, pa.Table]


@pytest.fixture
def data(tables: Tables) -> ReportData:
    return read_report_data(tables)


def test_labels_fall_back_from_handle_to_name_to_key() -> None:
    assert member_label("sample_1", "Sample", "k") == "@sample_1"
    assert member_label("@sample_1", "Sample", "k") == "@sample_1"
    assert member_label(" \u202e ", "Sample", "k") == "Sample"
    assert member_label(None, None, "k") == "k"


def picture_dots(path: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h0", path)]


def test_the_picture_draws_every_cluster_inside_its_frame(data: ReportData) -> None:
    picture = map_picture(data, assign_markers(data.clusters), "A map.")
    assert [layer.slot for layer in picture.layers] == list(range(1, 8))
    assert [label.text for label in picture.labels] == [cluster.cluster_key for cluster in data.clusters]
    for cluster, layer in zip(data.clusters, picture.layers, strict=True):
        dots = picture_dots(layer.path)
        assert 0 < len(dots) <= len(data.map_points[cluster.cluster_key])
        assert all(0 < x < PICTURE_WIDTH and 0 < y < PICTURE_HEIGHT for x, y in dots)


def test_the_picture_of_one_cluster_puts_the_others_behind(data: ReportData) -> None:
    picture = map_picture(data, assign_markers(data.clusters), "A map.", highlight="c03")
    assert [layer.slot for layer in picture.layers] == [None, 3]
    assert [label.text for label in picture.labels] == ["c03"]


def test_up_is_up(build_tables: Callable[..., Tables]) -> None:
    tables = build_tables(influencers=2, clusters=1, platforms=1)
    points = tables["rpt_map_points"]
    for column, values in {"pca_1": [0.0, 1.0], "pca_2": [0.0, 1.0]}.items():
        points = points.set_column(points.column_names.index(column), column, pa.array(values))
    data = read_report_data({**tables, "rpt_map_points": points})
    (low, high) = picture_dots(map_picture(data, assign_markers(data.clusters), "").layers[0].path)
    assert low[0] < high[0]
    assert low[1] > high[1]


def test_points_in_one_place_make_one_dot_in_the_middle(build_tables: Callable[..., Tables]) -> None:
    tables = build_tables(influencers=5, clusters=1, platforms=1)
    points = tables["rpt_map_points"]
    for column in ("pca_1", "pca_2"):
        points = points.set_column(points.column_names.index(column), column, pa.array([3.0] * 5))
    data = read_report_data({**tables, "rpt_map_points": points})
    picture = map_picture(data, assign_markers(data.clusters), "")
    assert picture_dots(picture.layers[0].path) == [(PICTURE_WIDTH // 2, PICTURE_HEIGHT // 2)]


def test_no_two_of_many_clusters_share_colour_and_shape(build_tables: Callable[..., Tables]) -> None:
    clusters = read_report_data(build_tables(influencers=600, clusters=30)).clusters
    markers = assign_markers(clusters)
    signs = {(marker.slot, marker.symbol) for marker in markers.values()}
    assert len(signs) == 30
    assert {marker.slot for marker in markers.values()} == set(range(1, COLOUR_SLOTS + 1))
    assert len({outline for _, outline in SHAPES}) == len(SHAPES) == COLOUR_SLOTS
