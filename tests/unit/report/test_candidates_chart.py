"""The chart of the candidates: every candidate at its place, and what it is said to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pyarrow as pa
import pytest

from tribu.report.candidates_chart import CandidatesChart, algorithm_markers, candidates_chart
from tribu.report.data import read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.method_data import Candidate

Build = Callable[..., dict[str, pa.Table]]


@pytest.fixture
def candidates(build_tables: Build) -> tuple[Candidate, ...]:
    return read_report_data(build_tables()).method.candidates


def drawn(candidates: Sequence[Candidate]) -> CandidatesChart:
    chart = candidates_chart(candidates, ENGLISH)
    assert chart is not None
    return chart


def test_every_candidate_with_a_silhouette_has_one_mark(candidates: tuple[Candidate, ...]) -> None:
    measured = [row for row in candidates if row.silhouette is not None]
    chart = drawn(candidates)
    assert len(measured) == 41
    assert len(chart.marks) == len(measured)
    assert len({(mark.x, mark.y) for mark in chart.marks}) == len(measured), "none covers another"
    assert len(chart.dashes) == sum(row.null_silhouette is not None for row in measured)
    assert sum(mark.hollow for mark in chart.marks) == sum(not row.passes_all for row in measured) == 11
    assert [mark.label for mark in chart.marks if mark.ringed] == [
        "k-means, k = 7: silhouette 0.31, shuffled data 0.09"
    ]


def test_higher_is_clearer_and_more_clusters_are_further_right(candidates: tuple[Candidate, ...]) -> None:
    chart = drawn([row for row in candidates if row.algorithm == "kmeans"])
    by_k = sorted(
        (row for row in candidates if row.algorithm == "kmeans" and row.silhouette is not None), key=lambda row: row.k
    )
    places = {mark.label.split(":")[0]: mark for mark in chart.marks}
    xs = [float(places[f"k-means, k = {row.k}"].x) for row in by_k]
    assert xs == sorted(xs)
    ys = [float(places[f"k-means, k = {row.k}"].y) for row in by_k]
    order = sorted(range(len(by_k)), key=lambda place: -(by_k[place].silhouette or 0.0))
    assert [ys[place] for place in order] == sorted(ys)
    assert all(chart.left < x < chart.right for x in xs)


def test_ticks_hold_every_mark_and_count_evenly(candidates: tuple[Candidate, ...]) -> None:
    chart = drawn(candidates)
    labels = [tick.label for tick in chart.y_ticks]
    assert labels == ["−0.10", "0.00", "0.10", "0.20", "0.30", "0.40"]
    heights = [float(tick.at) for tick in chart.y_ticks]
    assert heights == sorted(heights, reverse=True)
    assert all(heights[-1] <= float(mark.y) <= heights[0] for mark in chart.marks)
    assert [tick.label for tick in chart.x_ticks] == [str(k) for k in range(2, 13)]


def test_many_clusters_leave_ticks_out(candidates: tuple[Candidate, ...]) -> None:
    far = replace(candidates[-1], candidate_id="dbscan_q0.50", algorithm="dbscan", k=61, silhouette=0.1)
    chart = drawn([*candidates, far])
    assert len(chart.x_ticks) <= 14
    assert chart.x_ticks[0].label == "2"


def test_an_algorithm_keeps_its_sign_when_another_drops_out(candidates: tuple[Candidate, ...]) -> None:
    markers = algorithm_markers(candidates)
    assert list(markers) == ["kmeans", "bisecting_kmeans", "gaussian_mixture", "agglomerative", "hdbscan"]
    assert len({(marker.slot, marker.symbol) for marker in markers.values()}) == 5
    # one that was tried and has no silhouette is not in the legend, and keeps its place in the table
    silent = [replace(row, silhouette=None) if row.algorithm == "bisecting_kmeans" else row for row in candidates]
    legend = drawn(silent).legend
    assert [entry.label for entry in legend] == ["k-means", "Gaussian mixture", "Ward's linkage", "HDBSCAN"]
    assert legend[1].marker == markers["gaussian_mixture"]


def test_one_candidate_alone_stands_in_the_middle(candidates: tuple[Candidate, ...]) -> None:
    (alone,) = [row for row in candidates if row.candidate_id == "kmeans_05"]
    chart = drawn([replace(alone, silhouette=0.0, null_silhouette=None)])
    assert float(chart.marks[0].x) == pytest.approx((chart.left + chart.right) / 2, abs=0.1)
    assert chart.dashes == ()
    assert len(chart.y_ticks) > 1


def test_nothing_measured_draws_nothing(build_tables: Build) -> None:
    one = read_report_data(build_tables(influencers=40, clusters=1)).method.candidates
    assert [row.k for row in one] == [1]
    assert candidates_chart(one, ENGLISH) is None
    assert candidates_chart((), ENGLISH) is None


def test_the_chart_is_described(candidates: tuple[Candidate, ...], french: Language) -> None:
    assert drawn(candidates).description == (
        "Chart of the candidates: the number of clusters across, the silhouette upwards. Shown: 41, of which 30 pass "
        "every floor. Published: k-means, k = 7: silhouette 0.31, shuffled data 0.09."
    )
    chart = candidates_chart(candidates, french)
    assert chart is not None
    assert "Publié\u202f: k-means, k = 7\u202f: silhouette 0,31" in chart.description
