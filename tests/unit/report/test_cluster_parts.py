"""Spreads, stability and history of a cluster: what the charts draw and what the sentences say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from tests.unit.report.test_site import pages

from tribu.report.cluster_history import HEIGHT as SIZE_HEIGHT
from tribu.report.cluster_history import History, event_sentence, history_of
from tribu.report.cluster_rows import ClusterEvent, DistributionBin, RunSize
from tribu.report.data import Profile, ReportData, read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.spreads import HEIGHT, WIDTH, Spreads, spreads_of
from tribu.report.stability import stability_of

Tables = dict[str, pa.Table]
Render = Callable[[Tables], Path]
Build = Callable[..., Tables]
Change = Callable[..., Tables]


@pytest.fixture
def data(tables: Tables) -> ReportData:
    """A small build, read."""
    return read_report_data(tables)


# Spreads


def spreads(data: ReportData, key: str = "c01") -> Spreads:
    return spreads_of(data.profiles[key], data.distributions[key], 1, ENGLISH)


def one_chart(profile: Profile, bins: list[DistributionBin]) -> Spreads:
    bins = [replace(row, feature=profile.feature) for row in bins]
    return spreads_of([profile], bins, 1, ENGLISH)


def bins(*shares: tuple[float, float], edges: tuple[float, ...] = (1, 10, 100, 1000)) -> list[DistributionBin]:
    return [
        DistributionBin("c01", "f", n, edges[n - 1], edges[n], int(mine * 100), mine, overall)
        for n, (mine, overall) in enumerate(shares, start=1)
    ]


def points(path: str) -> list[tuple[float, float]]:
    """Corners of an outline."""
    x = y = 0.0
    found = []
    for letter, numbers in re.findall(r"([MHVZ])([\d. ]*)", path):
        if letter == "M":
            x, y = map(float, numbers.split())
        elif letter == "H":
            x = float(numbers)
        elif letter == "V":
            y = float(numbers)
        else:
            assert letter == "Z"
        found.append((x, y))
    return found


def test_every_known_feature_is_drawn_once_under_its_block(data: ReportData) -> None:
    drawn = spreads(data)
    labels = [chart.label for group in drawn.groups for chart in group.spreads]
    assert labels == [profile.feature_label_en for profile in data.profiles["c01"]]
    assert [group.label for group in drawn.groups] == ["Size", "Engagement", "Rhythm", "Commercial", "Growth"]
    assert drawn.unknown is None
    for group in drawn.groups:
        for chart in group.spreads:
            assert re.match(r".+: median .+ in this cluster, .+ among everyone$", chart.description)


def test_outlines_stand_on_the_axis_and_share_one_scale(data: ReportData) -> None:
    profile = data.profiles["c01"][0]
    drawn = one_chart(profile, bins((0.8, 0.4), (0.2, 0.4), (0.0, 0.2))).groups[0].spreads[0]
    mine, overall = points(drawn.cluster_path), points(drawn.overall_path)
    for outline in (mine, overall):
        assert outline[0] == (0, HEIGHT)
        assert outline[-1] == (WIDTH, HEIGHT)
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in outline)
    assert min(y for _, y in mine) == 2, "the peak of both fills the plot"
    assert min(y for _, y in overall) == round(HEIGHT - 0.5 * (HEIGHT - 2))
    assert (drawn.axis_from, drawn.axis_to) == ("1", "1.0k")


def test_a_share_that_is_tiny_is_seen_and_none_is_not(data: ReportData) -> None:
    drawn = one_chart(data.profiles["c01"][0], bins((0.9999, 1), (0.0001, 0), (0, 0))).groups[0].spreads[0]
    assert (WIDTH * 2 / 3, HEIGHT - 1) in points(drawn.cluster_path)
    assert {y for x, y in points(drawn.overall_path) if x > WIDTH / 3} == {HEIGHT}


@pytest.mark.parametrize(
    ("median", "place"),
    [(0.5, "0.0"), (1, "0.0"), (5.5, "40.0"), (10, "80.0"), (550, "200.0"), (1000, "240"), (9999, "240"), (None, None)],
)
def test_medians_stand_where_their_bin_is(data: ReportData, median: float | None, place: str | None) -> None:
    profile = replace(data.profiles["c01"][0], cluster_median=median)
    drawn = one_chart(profile, bins((0.5, 0.5), (0.5, 0.3), (0, 0.2))).groups[0].spreads[0]
    assert drawn.cluster_median == place


def test_a_feature_that_is_the_same_for_everybody_has_one_step_and_one_end(data: ReportData) -> None:
    profile = replace(data.profiles["c01"][0], cluster_median=7.0)
    drawn = one_chart(profile, bins((1, 1), edges=(7, 7))).groups[0].spreads[0]
    assert (drawn.axis_from, drawn.axis_to) == ("7", None)
    assert drawn.cluster_median == str(WIDTH // 2)
    assert points(drawn.cluster_path) == [(0, 64), (0, 2), (240, 2), (240, 64), (240, 64)]


def test_features_that_are_known_of_nobody_are_named(build_tables: Build) -> None:
    drawn = spreads(read_report_data(build_tables(influencers=40, clusters=1, posts=False)))
    assert [chart.label for group in drawn.groups for chart in group.spreads] == ["Followers", "Posts published"]
    assert drawn.unknown is not None
    assert drawn.unknown.startswith("Not known of any member: Engagement of followers, ")
    assert sum(len(group.rows) for group in drawn.table.groups) == 12


def test_the_table_has_both_middle_halves(data: ReportData) -> None:
    row = spreads(data).table.groups[0].rows[0]
    assert len(row) == 7
    assert row[2].text != row[4].text
    assert all(re.fullmatch(r"\S+ to \S+", cell.text) for cell in (row[2], row[4]))


# Stability


@pytest.mark.parametrize(
    ("figure", "reading", "said"),
    [
        (0.41, "do_not_trust", "Do not plan with this cluster"),
        (0.7, "pattern", "not as a list"),
        (0.8, "stable", "its edge may shift"),
        (0.97, "highly_stable", "to rely on"),
    ],
)
def test_every_reading_of_stability_gives_advice(data: ReportData, figure: float, reading: str, said: str) -> None:
    shown = stability_of(replace(data.clusters[0], stability=figure, stability_reading=reading), ENGLISH)
    assert said in shown.advice
    assert shown.figure == f"{figure:.2f}"
    assert f"{figure:.2f}" in (shown.description or "")
    assert float(shown.place or 0) == pytest.approx(figure * 100)
    assert [float(zone.start) for zone in shown.zones] == [0, 60, 75, 85]
    assert sum(float(zone.length) for zone in shown.zones) == 100
    assert "below 0.75 a pattern" in (shown.method or "")


def test_stability_that_was_not_measured_says_why(data: ReportData) -> None:
    without = replace(data.clusters[0], stability=None, stability_reading=None)
    assert stability_of(without, ENGLISH).advice.startswith("It was not measured")
    noise = stability_of(replace(without, is_noise=True), ENGLISH)
    assert noise.advice.startswith("Those outside every cluster")
    assert (noise.figure, noise.place, noise.method, noise.zones) == (None, None, None, ())


# History


def history(data: ReportData, key: str = "c01", lang: Language = ENGLISH) -> History:
    keys = [cluster.cluster_key for cluster in data.clusters]
    return history_of(data.history[key], data.flows.get(key, ()), data.events[key], with_page=keys, slot=1, lang=lang)


def test_the_first_run_says_that_there_is_nothing_to_compare(build_tables: Build) -> None:
    told = history(read_report_data(build_tables(runs=1)))
    assert "nothing to compare yet" in told.sentence
    assert (told.chart, told.sizes, told.flows) == (None, None, None)


def test_who_came_and_went_is_counted(data: ReportData) -> None:
    size = data.clusters[0].influencers
    told = history(data)
    assert f"Still here: {size - 3}; joined from other clusters: 2; new in the lists: 1; gone to other" in told.sentence
    assert "the run of 1\u00a0October 2026, 08:00\u00a0UTC" in told.sentence
    assert told.flows is not None
    now, gone = told.flows.groups
    assert [row[0].text for row in now.rows] == [
        "Still in the cluster",
        "Joined from Sample that was",
        "New in the lists",
    ]
    assert [row[0].text for row in gone.rows] == ["Gone to Steady community builders", "No longer in the lists"]
    # the cluster that has nobody any more has no page to lead to
    assert [row[0].href for row in (*now.rows, *gone.rows)] == [None, None, None, "c02.html", None]


def test_a_model_of_other_clusters_is_said_to_move_people(data: ReportData) -> None:
    assert "found anew" not in history(data).sentence
    *before, last = data.history["c01"]
    runs = [*before, replace(last, is_other_model=True)]
    told = history_of(runs, data.flows["c01"], (), with_page=(), slot=1, lang=ENGLISH)
    assert "because the clusters have moved" in told.sentence


def test_columns_are_as_high_as_the_runs_are_large(data: ReportData) -> None:
    runs = [
        RunSize("c01", f"r{n}", n, datetime(2026, n, 1, 8), n == 2, size, size / 300)
        for n, size in enumerate((0, 50, 100), start=1)
    ]
    told = history_of(runs, (), (), with_page=(), slot=1, lang=ENGLISH)
    assert told.chart is not None
    assert [float(column.height) for column in told.chart.columns] == [1, SIZE_HEIGHT / 2, SIZE_HEIGHT]
    assert [column.is_other_model for column in told.chart.columns] == [False, True, False]
    assert told.sizes is not None
    rows = told.sizes.groups[0].rows
    assert [[cell.text for cell in row[2:4]] for row in rows] == [["100", "+50"], ["50", "+50"], ["0", "–"]]
    assert rows[1][1].detail == "the clusters were found anew"


def test_many_runs_stay_within_the_chart() -> None:
    runs = [RunSize("c01", f"r{n}", n, datetime(2026, 1, n, 8), False, 7, 0.1) for n in range(1, 13)]
    chart = history_of(runs, (), (), with_page=(), slot=1, lang=ENGLISH).chart
    assert chart is not None
    ends = [float(column.x) + float(column.width) for column in chart.columns]
    starts = [float(column.x) for column in chart.columns]
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
    assert ends[-1] <= 480
    assert [column.label for column in chart.columns] == ["7", *[None] * 10, "7"]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("born", "Found for the first time on 3\u00a0October 2026."),
        ("split_from", "On 3\u00a0October 2026, “Sample” split up: 42.0\u00a0% of its members came here."),
        ("split_into", "On 3\u00a0October 2026 the cluster split up: 42.0\u00a0% of its members went to “Sample”."),
        ("took_in", "On 3\u00a0October 2026 clusters merged: 42.0\u00a0% of the members of “Sample” came here."),
        ("went_into", "On 3\u00a0October 2026 clusters merged: 42.0\u00a0% of the members went to “Sample”."),
        ("of_another_version_100%", "Of another version 100%"),
    ],
)
def test_events_are_told_in_words(event: str, said: str) -> None:
    happened = ClusterEvent("c01", "m", datetime(2026, 10, 3, 8), event, "c09", "Sample", "Modèle", 0.42, None)
    assert event_sentence(happened, ENGLISH) == said


def test_events_come_newest_first_and_what_was_kept_in_one_sentence(data: ReportData, french: Language) -> None:
    kept, *others = history(data).events
    assert kept.startswith(
        "Found again 1 time since, last on 3\u00a0October 2026; of its members before and after, 83.0"
    )
    assert ["merged" in sentence for sentence in others] == [True, False]
    assert "« Modèle d’avant »" in history(data, lang=french).events[1].replace("\u202f", " ")


# The page


def test_parts_stand_on_the_page_in_both_languages(render_both: Render, tables: Tables) -> None:
    found = pages(render_both(tables))
    for name, words in {
        "clusters/c01.html": ("Every feature, beside everyone", "How surely it comes back", "What has become of it"),
        "fr/clusters/c01.html": (
            "Chaque critère, face à l’ensemble",
            "À quel point il se retrouve",
            "Ce qu’il est devenu",
        ),
    }.items():
        page = found[name]
        assert all(word in page.text for word in words)
        named = [svg["aria-label"] for svg in page.of("svg") if svg.get("role") == "img"]
        # the map, a chart per feature, the scale of stability, the sizes
        assert len(named) == len(set(named)) == 1 + 12 + 1 + 1


def test_noise_has_a_page_that_promises_nothing(render_both: Render, tables: Tables, change_cell: Change) -> None:
    tables = change_cell(tables, "rpt_clusters", "is_noise", True, row=6)
    for column in ("stability", "stability_reading", "nearest_cluster_key", "rule_sql"):
        tables = change_cell(tables, "rpt_clusters", column, None, row=6)
    found = pages(render_both(tables))
    assert "Those outside every cluster are no cluster" in found["clusters/c07.html"].text
    assert "hors de tout segment" in found["fr/clusters/c07.html"].text


def test_a_page_stays_small_with_everything_on_it(render_both: Render, build_tables: Build) -> None:
    """As many rows as there can be: 200 members, every feature, 12 clusters; at any number of influencers."""
    tables = build_tables(influencers=4_000, clusters=12, members=200)
    site = render_both(tables)
    sizes = [path.stat().st_size for path in site.rglob("clusters/*.html")]
    assert len(sizes) == 24
    assert max(sizes) < 600_000
