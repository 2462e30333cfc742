"""The rule and the nearest cluster, as the page of a cluster tells them."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from tribu.report.cluster_page import build_cluster_page
from tribu.report.data import Cluster, Profile, ReportData, read_report_data
from tribu.report.explanation import TELLING_SHOWN, nearest_of, rule_of, telling_profiles
from tribu.report.language import ENGLISH
from tribu.report.markers import assign_markers
from tribu.rule_text import query_lines

Tables = dict[str, pa.Table]


@pytest.fixture
def data(tables: Tables) -> ReportData:
    return read_report_data(tables)


@pytest.fixture
def cluster(data: ReportData) -> Cluster:
    return replace(
        data.clusters[0],
        influencers=614,
        rule_sql="followers_count >= 120000 and sponsored_ratio >= 0.12",
        rule_influencers=1_000,
        rule_members=500,
        rule_precision_ratio=500 / 1_000,
        rule_recall_ratio=500 / 614,
    )


def reading(cluster: Cluster) -> str:
    return rule_of(cluster, ENGLISH).reading.replace("\u00a0", " ")


def test_the_rule_is_a_query_with_its_figures_in_words(cluster: Cluster) -> None:
    assert rule_of(cluster, ENGLISH).sql == (
        "select *\nfrom marts.dim_influencers\nwhere followers_count >= 120000 and sponsored_ratio >= 0.12"
    )
    assert reading(cluster) == (
        "Precision 50.0 %: of the 1,000 influencers that it picks, the cluster holds 500. "
        "Recall 81.4 %: of the 614 members of the cluster it finds 500."
    )


def test_a_cluster_without_a_rule_says_why(cluster: Cluster) -> None:
    rule = rule_of(replace(cluster, rule_sql=None, rule_precision_ratio=None), ENGLISH)
    assert rule.sql is None
    assert "no member of this cluster was in the sample" in rule.reading


def test_a_rule_that_picks_nobody_or_everybody_says_so(cluster: Cluster) -> None:
    assert (
        reading(replace(cluster, rule_influencers=0, rule_members=0, rule_precision_ratio=None))
        == "The rule picks nobody."
    )
    assert reading(replace(cluster, rule_sql="true")).startswith("The rule asks for nothing")


def test_a_long_rule_is_never_cut(cluster: Cluster) -> None:
    predicate = " or ".join(f"(followers_count >= {number} and er_views < 0.5)" for number in range(200))
    shown = rule_of(replace(cluster, rule_sql=predicate), ENGLISH).sql
    assert shown is not None
    assert shown.count("followers_count") == 200


@pytest.mark.parametrize(
    ("predicate", "shown"),
    [
        ("a >= 1 and b < 2", "a >= 1 and b < 2"),
        ("(a >= 1 or a is null) and b < 2", "(a >= 1 or a is null) and b < 2"),
        ("(a >= 1 and b < 2) or c is null or d < 1", "(a >= 1 and b < 2)\n  or c is null\n  or d < 1"),
        ("platform = 'this or (that' or a < 1", "platform = 'this or (that'\n  or a < 1"),
        ("platform = 'it''s or' or a < 1", "platform = 'it''s or'\n  or a < 1"),
    ],
)
def test_lines_begin_with_the_outer_or(predicate: str, shown: str) -> None:
    assert query_lines(predicate) == shown
    assert "".join(query_lines(predicate).split()) == "".join(predicate.split())


def test_the_nearest_cluster_is_linked_and_compared(data: ReportData) -> None:
    page = build_cluster_page(data, 0, assign_markers(data.clusters), ENGLISH)
    assert page.nearest is not None
    assert page.nearest.link.href == "c02.html"
    assert page.nearest.link.label == data.clusters[1].cluster_name_en
    assert "62.0" in page.nearest.sentence
    (group,) = page.nearest.table.groups
    told = telling_profiles(data.profiles["c01"])
    assert [row[0].text for row in group.rows] == [profile.feature_label_en for profile in told[:TELLING_SHOWN]]
    assert group.rows


def test_features_tell_apart_by_distance_where_both_are_known(data: ReportData) -> None:
    base = data.profiles["c01"][0]

    def profile(name: str, z: float | None, known: float = 1.0, nearest_known: float | None = 1.0) -> Profile:
        return replace(
            base,
            feature=name,
            robust_z_to_nearest=z,
            known_share_ratio=known,
            nearest_cluster_known_share_ratio=nearest_known,
        )

    told = telling_profiles(
        [
            profile("near", 0.49),
            profile("far", -3.0),
            profile("unknown", None),
            profile("unknown_here", 5.0, known=0.4),
            profile("unknown_there", 5.0, nearest_known=0.4),
            profile("farther", 3.1),
        ]
    )
    assert [row.feature for row in told] == ["farther", "far"]


def test_one_cluster_has_no_nearest(data: ReportData) -> None:
    markers = assign_markers(data.clusters)
    clusters = {row.cluster_key: row for row in data.clusters}
    alone = replace(data.clusters[0], nearest_cluster_key=None)
    gone = replace(data.clusters[0], nearest_cluster_key="c99")
    assert nearest_of(alone, (), clusters, markers, ENGLISH) is None
    assert nearest_of(gone, (), clusters, markers, ENGLISH) is None
