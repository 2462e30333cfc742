"""The tables behind the pages on the data and on the method, beside what they are counted from."""

from __future__ import annotations

import json

import yaml
from tests.conftest import QUICK, ROOT, Build

from tribu.report.labels import code_label, problem_label, reject_label
from tribu.report.language import read_language


def test_known_values_are_counted_by_platform(sample_build: Build) -> None:
    shown = {
        (platform, feature): (influencers, known, compared)
        for platform, feature, influencers, known, compared in sample_build.rows(
            "select platform, feature, influencers, known_influencers, is_compared from reporting.rpt_missing_values"
        )
    }
    assert len(shown) == 4 * 18
    for platform, people, followers, following in sample_build.rows(
        "select platform, count(*), count(followers_count), count(following_count) from features.ftr_influencers group by platform"
    ):
        assert shown[str(platform), "followers_count"] == (people, followers, True)
        # a platform that does not say whom its accounts follow is not compared by it
        assert shown[str(platform), "following_count"] == (people, following, following != 0)
    # what says nearly the same as another feature is left out everywhere
    assert {compared for (_, feature), (_, _, compared) in shown.items() if feature == "er_reported"} == {False}


def test_every_reject_and_every_unread_value_is_counted_once_and_has_words(sample_build: Build) -> None:
    # in French, where no code could pass for words
    french = read_language(ROOT / "reports" / "locale", "fr")
    rejects = sample_build.rows("select reason, records from reporting.rpt_reject_reasons")
    assert sum(int(str(records)) for _, records in rejects) == sample_build.value(
        "select count(*) from staging.stg_rejects"
    )
    assert [reason for reason, _ in rejects if reject_label(str(reason), french) == code_label(str(reason))] == []
    unread = sample_build.rows("select table_name, column_name, problem, rows from reporting.rpt_unread_values")
    assert [row for row in unread if problem_label(str(row[2]), french) == code_label(str(row[2]))] == []
    likes = sample_build.value("select count(*) from marts.fct_posts where parse_problems like '%likes:not_a_number%'")
    assert ("posts", "likes", "not_a_number", likes) in unread


def test_settings_are_those_that_the_model_was_asked_for(sample_build: Build) -> None:
    shown = {str(name): json.loads(str(value)) for name, value in sample_build.rows(
        "select setting, setting_value from reporting.rpt_settings where decides_fit"
    )}  # fmt: skip
    (asked,) = sample_build.rows("select parameters from clustering.ml_runs")
    fitted = json.loads(str(asked[0]))
    del fitted["features"]
    assert shown == fitted
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"] | QUICK
    # a block without features decides nothing, and the sample has no columns of its own
    del project["block_weights"]["own"]
    assert {name: project[name] for name in shown} == shown


def test_the_first_run_is_the_history_and_nothing_has_drifted(sample_build: Build) -> None:
    ((run, current, moved, algorithm, k),) = sample_build.rows(
        "select cluster_run_id, is_current, moved_influencers, algorithm, clusters from reporting.rpt_runs"
    )
    assert (current, moved) == (True, 0)
    assert sample_build.rows("select cluster_run_id, algorithm, k from clustering.ml_runs") == [(run, algorithm, k)]
    assert sample_build.value("select count(*) from reporting.rpt_cluster_drift") == 0
    assert sample_build.value("select count(population_stability_index) from reporting.rpt_features") == 0
    page = (sample_build.site / "method.html").read_text(encoding="utf-8")
    assert "There is nothing to compare with yet" in page


def test_the_page_tells_the_versions_that_the_file_of_the_model_tells(sample_build: Build) -> None:
    (path,) = (sample_build.folder / "models").glob("*.json")
    versions = json.loads(path.read_text(encoding="utf-8"))["versions"]
    assert sample_build.rows(
        "select fit_tribu_version, fit_dbt_version, fit_duckdb_version, fit_scikit_learn_version, fit_python_version "
        "from reporting.rpt_method"
    ) == [tuple(versions[name] for name in ("tribu", "dbt-core", "duckdb", "scikit-learn", "python"))]


def test_every_candidate_is_on_the_chart_or_has_no_silhouette(sample_build: Build) -> None:
    measured = sample_build.value("select count(silhouette) from reporting.rpt_candidates")
    hollow = sample_build.value(
        "select count(*) from reporting.rpt_candidates where silhouette is not null and not passes_all"
    )
    page = (sample_build.site / "method.html").read_text(encoding="utf-8")
    assert page.count('<path class="mark"') + page.count('<path class="mark mark-hollow"') == measured
    assert page.count("mark-hollow") == hollow
    assert page.count('class="winner-ring" cx=') == 1 + 1, "the winner, and the key of the signs"
