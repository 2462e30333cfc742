"""Sentences made from figures: what they say, and what they keep quiet about."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from tribu.report.data import Cluster, Profile, ReportData, read_report_data
from tribu.report.language import ENGLISH, Language
from tribu.report.prose import (
    cluster_name,
    cluster_paragraph,
    distinctive_profiles,
    limits,
    model_in_force,
    overview_lede,
)

Tables = dict[str, pa.Table]
FOLLOWERS = Profile(
    cluster_key="c01",
    feature="followers_count",
    feature_label_en="Followers",
    feature_label_fr="Abonnés",
    block="size",
    feature_order=1,
    unit="count",
    cluster_median=1_200_000.0,
    cluster_q1=900_000.0,
    cluster_q3=2_000_000.0,
    overall_median=23_400.0,
    overall_q1=None,
    overall_q3=None,
    robust_z=2.4,
    nearest_cluster_median=80_000.0,
    robust_z_to_nearest=1.9,
    nearest_cluster_known_share_ratio=1.0,
    known_share_ratio=1.0,
)
ENGAGEMENT = replace(
    FOLLOWERS,
    feature="er_views",
    feature_label_en="ER by views",
    block="engagement",
    feature_order=2,
    unit="ratio",
    cluster_median=0.01,
    overall_median=0.05,
    overall_q1=None,
    overall_q3=None,
    robust_z=-3.1,
)


@pytest.fixture
def data(tables: Tables) -> ReportData:
    return read_report_data(tables)


@pytest.fixture
def cluster(data: ReportData) -> Cluster:
    return replace(data.clusters[0], influencers=412, share_ratio=0.206)


def paragraph(cluster: Cluster, *profiles: Profile) -> str:
    return cluster_paragraph(cluster, profiles, ENGLISH).replace("\u00a0", " ")


def test_the_paragraph_gives_size_and_both_directions_with_figures(cluster: Cluster) -> None:
    text = paragraph(cluster, FOLLOWERS, ENGAGEMENT)
    assert "412 influencers belong to this cluster, 20.6 % of all." in text
    assert "above everyone's on followers (1.2M against 23.4k)" in text
    assert "below everyone's on ER by views (1.0 % against 5.0 %)" in text


def test_one_influencer_is_singular(cluster: Cluster) -> None:
    assert paragraph(replace(cluster, influencers=1)).startswith("1 influencer belongs")


@pytest.mark.parametrize(
    "profile",
    [
        replace(FOLLOWERS, robust_z=None),
        replace(FOLLOWERS, robust_z=0.3),
        replace(FOLLOWERS, robust_z=-2.4),  # scaled within the platform, it points the other way than the medians
        replace(FOLLOWERS, overall_median=None),
        replace(FOLLOWERS, cluster_median=None),
    ],
)
def test_nothing_is_claimed_that_the_figures_do_not_show(cluster: Cluster, profile: Profile) -> None:
    text = paragraph(cluster, profile)
    assert "None of the measured features sets it clearly apart" in text
    assert "against" not in text


def test_a_trait_known_for_few_says_for_how_many(cluster: Cluster) -> None:
    assert "known for 30.0 % of its members" in paragraph(cluster, replace(FOLLOWERS, known_share_ratio=0.3))
    assert "known for" not in paragraph(cluster, FOLLOWERS)


def test_at_most_three_traits_the_strongest_first(cluster: Cluster) -> None:
    profiles = [replace(FOLLOWERS, feature_label_en=f"Feature {z}", robust_z=z) for z in (1.0, 4.0, 3.0, 2.0)]
    assert [profile.robust_z for profile in distinctive_profiles(profiles)] == [4.0, 3.0, 2.0, 1.0]
    text = paragraph(cluster, *profiles)
    assert text.index("feature 4.0") < text.index("feature 3.0") < text.index("feature 2.0")
    assert "feature 1.0" not in text


def test_the_lede_names_what_is_compared(data: ReportData) -> None:
    assert "What is compared: size." in overview_lede(data, [FOLLOWERS], ENGLISH)
    assert "What is compared: size and engagement." in overview_lede(data, [FOLLOWERS, ENGAGEMENT], ENGLISH)


def test_limits_state_the_share_of_the_map_and_the_samples(data: ReportData) -> None:
    overview = replace(data.overview, influencers=90_000, map_points=2_000, fit_rows=20_000)
    text = " ".join(limits(overview, 12, ENGLISH)).replace("\u00a0", " ")
    assert "flat picture of 12 features" in text
    assert "48.0 % of the variance" in text
    assert "shows 2,000 of the 90,000 influencers" in text
    assert "sample of 20,000 influencers; then each of the 90,000" in text
    unknown = replace(data.overview, pca_1_variance_ratio=None)
    assert "variance" not in " ".join(limits(unknown, 12, ENGLISH))


def test_names_follow_the_language(cluster: Cluster) -> None:
    assert cluster_name(cluster, ENGLISH) == "Rising everyday voices"
    assert cluster_name(cluster, Language(code="fr")) == "Voix montantes du quotidien"


def test_changes_say_which_model_it_is(data: ReportData) -> None:
    told = " ".join(model_in_force(data.overview, ENGLISH)).replace("\u00a0", " ")
    assert "found on 3 October 2026: no feature has drifted since" in told


@pytest.mark.parametrize(
    "reason",
    ["first_model", "no_drift", "drift", "parameters_changed", "always", "never", "model_asked_for"],
)
def test_every_reason_for_a_model_is_told(data: ReportData, reason: str) -> None:
    first = replace(data.overview, refit_reason=reason, has_run_before=False, new_clusters=2)
    sentences = model_in_force(first, ENGLISH)
    assert sentences[0].startswith("The clusters")
    assert "%" not in sentences[0]
    assert sentences[1:] == ["2 of them are new."]


def test_without_clusters_nothing_has_changed(data: ReportData) -> None:
    empty = replace(data.overview, model_accepted_at=None, refit_reason="no_influencers")
    assert model_in_force(empty, ENGLISH) == []
