"""What the overview tells beside map and clusters: tiers, opportunities, changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from tests.unit.report.test_site import pages

from tribu.report.changes import build_changes
from tribu.report.data import ReportData, read_report_data
from tribu.report.labels import platform_label
from tribu.report.language import ENGLISH, Language
from tribu.report.markers import Marker, assign_markers
from tribu.report.opportunities import Finding, build_opportunities
from tribu.report.overview_page import build_overview
from tribu.report.tier_matrix import share_tone, tier_matrix

Tables = dict[str, pa.Table]
Build = Callable[..., Tables]
Change = Callable[..., Tables]
Render = Callable[[Tables], Path]


@pytest.fixture
def data(tables: Tables) -> ReportData:
    return read_report_data(tables)


def signs(data: ReportData) -> dict[str, Marker]:
    return assign_markers(data.clusters)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# Platforms and tiers


def test_each_tier_of_a_platform_is_spread_over_all_clusters(build_tables: Build) -> None:
    tables = build_tables(influencers=1_200)
    data = read_report_data(tables)
    table = tier_matrix(data, signs(data), ENGLISH)
    assert table is not None
    assert [group.heading for group in table.groups] == [platform_label(one.platform) for one in data.platforms]
    assert [column.href for column in table.columns[2:]] == [f"clusters/c{n:02d}.html" for n in range(1, 8)]
    truth = {
        (row["platform"], row["tier"], row["cluster_key"]): row["share_ratio"]
        for row in tables["rpt_platform_tier_clusters"].to_pylist()
    }
    by_label = {"Instagram": "instagram", "YouTube": "youtube", "TikTok": "tiktok"}
    seen = 0
    for group in table.groups:
        tiers = [row[0].text.casefold() for row in group.rows]
        order = ["nano", "micro", "mid", "macro", "mega"]
        assert tiers == [tier for tier in order if tier in tiers], "from small to large, not by the alphabet"
        for row in group.rows:
            if row[0].detail is not None:
                continue
            shares = [float(cell.sort_value or "nan") for cell in row[2:]]
            assert sum(shares) == pytest.approx(1)
            for cluster, cell in zip(data.clusters, row[2:], strict=True):
                key = (by_label[str(group.heading)], row[0].text.casefold(), cluster.cluster_key)
                assert float(cell.sort_value or "nan") == truth.get(key, 0.0)
                assert cell.tone == share_tone(truth.get(key, 0.0))
                seen += 1
    assert seen > 50


def test_few_influencers_are_counted_and_not_toned(build_tables: Build) -> None:
    data = read_report_data(build_tables(influencers=40, clusters=2))
    table = tier_matrix(data, signs(data), ENGLISH)
    assert table is not None
    small = [row for group in table.groups for row in group.rows if int(row[1].text) < 10]
    large = [row for group in table.groups for row in group.rows if int(row[1].text) >= 10]
    assert small
    assert large
    for row in small:
        assert row[0].detail == "very few: counts"
        assert sum(int(cell.text) for cell in row[2:]) == int(row[1].text)
        assert {cell.tone for cell in row[2:]} == {"few"}
    assert all("%" in cell.text and cell.tone != "few" for row in large for cell in row[2:])
    assert table.note is not None


def test_every_tone_of_the_shares_has_a_style(assets: Path) -> None:
    style = (assets / "site.css").read_text(encoding="utf-8")
    tones = {share_tone(share) for share in (0, 0.05, 0.15, 0.3, 0.5)}
    assert tones == {"s0", "s1", "s2", "s3", "s4"}
    assert all(f".table-matrix tr > .tone-{tone} " in style for tone in (*tones, "few"))


# Opportunities


def cards(data: ReportData, lang: Language = ENGLISH) -> dict[str, tuple[Finding, ...]]:
    built = build_opportunities(data, signs(data), lang)
    assert built is not None
    return {card.title: card.findings for card in built.cards}


def test_a_rule_that_is_met_names_its_clusters_with_their_figures(data: ReportData) -> None:
    found = cards(data)
    assert list(found) == [
        "Attention that few have bought",
        "Small accounts that engage more than their peers",
        "Growing audiences",
        "A niche of its own",
    ]
    first, last = found["Attention that few have bought"]
    assert (first.link.label, first.link.href) == ("Rising everyday voices", "clusters/c01.html")
    profile = next(row for row in data.profiles["c01"] if row.feature == "er_followers")
    assert f"{(profile.cluster_median or 0) * 100:.1f} % against" in plain(first.figures[0])
    assert "robust z +1.8" in first.figures[0]
    assert [len(one.figures) for one in (first, last)] == [2, 2]
    members = data.clusters[0].influencers
    assert first.known == f"known for {members - 1} of {members} members"
    assert first.belief == "stability of the cluster: highly stable"
    (growing,) = found["Growing audiences"]
    assert len(growing.figures) == 1, "a median that a comparison already states is not told twice"
    (niche,) = found["A niche of its own"]
    assert [plain(text) for text in niche.figures] == [
        "Beauty: 175.0 % of the members",
        "1.75 times its share among everyone",
    ]


def test_a_cluster_that_is_not_to_be_trusted_is_never_shown_without_saying_so(data: ReportData) -> None:
    last = cards(data)["Attention that few have bought"][1]
    assert last.link.href == "clusters/c07.html"
    assert data.clusters[6].stability_reading == "do_not_trust"
    assert last.belief is None
    assert last.warning is not None
    assert last.warning.startswith("Do not trust")
    assert cards(data)["Attention that few have bought"][0].warning is None


def test_a_rule_that_cannot_be_judged_says_which_figure_is_lacking(data: ReportData) -> None:
    built = build_opportunities(data, signs(data), ENGLISH)
    assert built is not None
    rows = {row[0].text: [plain(cell.text) for cell in row] for row in built.rules.groups[0].rows}
    assert len(rows) == 5
    paid = rows["Sponsored posts that work as well as others"]
    assert paid[2:] == [
        "could not be judged",
        "7 clusters, too few members with a known value: Paid performance ratio",
    ]
    unsold = rows["Attention that few have bought"]
    assert unsold[1:] == [
        "Engagement of followers: median +0.5 or more from everyone on the platform (robust z) · "
        "Sponsored posts: median of at most 5.0 %",
        "met by 2 of 7 clusters judged",
        "",
    ]


def test_a_rule_of_the_user_s_own_is_shown_by_its_name(data: ReportData) -> None:
    own = tuple(
        replace(
            row, rule_name="quiet_giants", measure_1="followers_count", statistic_1="median", measured_1=2_000_000.0
        )
        for row in data.overview_rows.opportunities
        if row.rule_name == "engaged_small_accounts"
    )
    found = cards(replace(data, overview_rows=replace(data.overview_rows, opportunities=own)))
    assert list(found) == ["Quiet giants"]
    assert found["Quiet giants"][0].figures == ("Followers: 2.0M",)


def test_where_no_groups_were_found_the_opportunities_doubt_themselves(data: ReportData) -> None:
    doubtful = replace(data, overview=replace(data.overview, structure_found=False))
    built = build_opportunities(doubtful, signs(data), ENGLISH)
    assert built is not None
    assert "Do not take them for segments" in (built.doubt or "")


def test_one_cluster_of_everybody_is_no_opportunity(build_tables: Build) -> None:
    data = read_report_data(build_tables(influencers=40, clusters=1))
    assert build_opportunities(data, signs(data), ENGLISH) is None


def test_without_an_opportunity_the_page_says_so(render: Render, tables: Tables) -> None:
    table = tables["rpt_opportunities"]
    position = table.column_names.index("verdict")
    silent = table.set_column(position, "verdict", pa.array(["not_met"] * len(table)))
    page = pages(render({**tables, "rpt_opportunities": silent}))["index.html"]
    assert "No cluster meets a rule in these data." in page.text
    assert "met by 0 of 7 clusters judged" in page.text


# Changes


def test_changes_are_counted_and_clusters_that_have_a_page_are_linked(data: ReportData) -> None:
    changes = build_changes(data, signs(data), ENGLISH)
    assert changes is not None
    assert not changes.is_first
    assert [(figure.label, figure.value) for figure in changes.figures] == [
        ("Changed clusters", "12"),
        ("Arrived", "3"),
        ("Left", "1"),
        ("New clusters", "1"),
        ("Ended clusters", "1"),
    ]
    assert plain(changes.figures[0].note or "") == "4.0 % of today’s influencers"
    assert changes.clusters is not None
    told = [[cell.text for cell in row] for row in changes.clusters.groups[0].rows]
    assert [[plain(text) for text in row] for row in told] == [
        ["New cluster", "Rising everyday voices", "", ""],
        ["Ended cluster", "Lost voices", "", ""],
        ["Received part of a cluster that split", "Rising everyday voices", "Lost voices", "45.0 %"],
    ]
    links = [row[1].href for row in changes.clusters.groups[0].rows]
    assert links == ["clusters/c01.html", None, "clusters/c01.html"]
    assert changes.features is not None
    assert [cell.text for cell in changes.features.groups[0].rows[0]] == [
        "Engagement of followers",
        "is shifting",
        "0.14",
    ]


def test_events_of_a_model_that_the_run_before_had_are_no_news(data: ReportData) -> None:
    old = tuple(replace(change, is_since_run_before=False) for change in data.overview_rows.changes)
    changes = build_changes(replace(data, overview_rows=replace(data.overview_rows, changes=old)), signs(data), ENGLISH)
    assert changes is not None
    assert changes.clusters is None
    assert [figure.value for figure in changes.figures[3:]] == ["0", "0"]


def test_the_first_run_says_in_a_sentence_that_there_is_none_before(
    render_both: Render, tables: Tables, change_cell: Change
) -> None:
    tables = change_cell(
        change_cell(tables, "rpt_overview", "has_run_before", False), "rpt_overview", "refit_reason", "first_model"
    )
    found = pages(render_both(tables))
    assert "This is the first run that is known of" in found["index.html"].text
    assert "C’est le premier calcul connu" in found["fr/index.html"].text
    assert "What changed since the last run" not in found["index.html"].text


def test_without_clusters_nothing_is_told(build_tables: Build) -> None:
    data = read_report_data(build_tables(influencers=0))
    page = build_overview(data, {}, ENGLISH)
    assert (page.changes, page.tiers, page.opportunities, page.downloads) == (None, None, None, None)


# Stability among the key figures


def test_the_stability_of_the_whole_is_read_in_words_and_doubtful_clusters_are_counted(data: ReportData) -> None:
    def note(data: ReportData) -> str | None:
        (figure,) = [one for one in build_overview(data, signs(data), ENGLISH).key_figures if one.label == "Stability"]
        return figure.note

    assert note(data) == "stable; 3 clusters are not to be trusted"
    sure = replace(data, clusters=tuple(replace(one, stability_reading="stable") for one in data.clusters))
    assert note(sure) == "stable"
    unknown = replace(data, overview=replace(data.overview, stability=None, stability_reading=None))
    assert note(unknown) is None
